package io.yuntai.server.batches;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;

/**
 * Answers lines for whoever owns their batch now: what the owner's key may no longer do is not done
 * for it either.
 */
public final class OwnedWork implements LineWork {
  private final LineWork work;
  private final Access access;

  /**
   * @param work answers lines
   * @param access knows owners
   */
  public OwnedWork(LineWork work, Access access) {
    this.work = work;
    this.access = access;
  }

  @Override
  public boolean serves(String endpoint) {
    return work.serves(endpoint);
  }

  @Override
  public LineAnswer answer(String endpoint, byte[] body, Principal asker)
      throws ApiException, InterruptedException {
    Principal owner =
        access
            .known(asker)
            .orElseThrow(() ->
                new ApiException(
                    ApiError.invalidRequest(
                        401,
                        "invalid_api_key",
                        "The key of this batch is revoked, expired or its tenant suspended.")));
    return work.answer(endpoint, body, owner);
  }

  @Override
  public LineAnswer refusal(ApiException refusal) {
    return work.refusal(refusal);
  }
}

package io.yuntai.server.batches;

import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Principal;

/** Answers one request, as if it had been sent alone. Safe for use by many threads. */
public interface LineWork {
  /** Whether requests to this path can be batched. */
  boolean serves(String endpoint);

  /**
   * Answers.
   *
   * @throws ApiException what a caller would be told
   */
  LineAnswer answer(String endpoint, byte[] body, Principal asker)
      throws ApiException, InterruptedException;

  /** A refusal, as a caller would read it. */
  LineAnswer refusal(ApiException refusal);
}

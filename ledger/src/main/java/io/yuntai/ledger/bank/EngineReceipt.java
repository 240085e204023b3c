package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an engine computed for an attempt at a request.
 *
 * @param requestId the request, the same as in its {@link UsageRecord}
 * @param attempt 0 for the first, + 1 for each after a failover
 * @param orgId whose request it was
 * @param engine which engine or upstream, at most 200 characters
 * @param tokens what it counted
 * @param computeMicros how long it worked on it, 0 when unknown
 * @param acknowledgedTokens output tokens that the client had received at the end
 * @param endReason how it ended
 * @param claim who is charged; null where that is not known
 */
public record EngineReceipt(
    UUID requestId,
    int attempt,
    long orgId,
    String engine,
    MeteredTokens tokens,
    long computeMicros,
    long acknowledgedTokens,
    UsageStatus endReason,
    @Nullable Claim claim) {
  /** Without a claim: it can be compared, and nobody is charged by it. */
  public EngineReceipt(
      UUID requestId,
      int attempt,
      long orgId,
      String engine,
      MeteredTokens tokens,
      long computeMicros,
      long acknowledgedTokens,
      UsageStatus endReason) {
    this(
        requestId,
        attempt,
        orgId,
        engine,
        tokens,
        computeMicros,
        acknowledgedTokens,
        endReason,
        null);
  }
}

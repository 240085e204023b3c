package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.Claim;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.MeteredTokens;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What engines say that they did for one request, until it is a receipt: the count that does not
 * come from the gateway. A receipt is made when all their work has ended and the gateway has ended
 * the request, whichever is last; of a request for which nothing was computed there is none. Safe
 * for use by many threads, and never waits.
 */
public final class EngineAccount {
  private final UUID requestId;
  private final long orgId;
  private final Function<MeteredTokens, Claim> claims;
  private final Consumer<EngineReceipt> late;
  private final AtomicInteger awaited;

  private String engine = "";
  private int running;
  private long input;
  private long cacheHit;
  private long output;
  private @Nullable UsageStatus endReason;
  private MeteredTokens acknowledged = MeteredTokens.NONE;

  /**
   * @param claims who is charged for what the client received
   * @param late takes a receipt that is made after the request's end
   * @param awaited counts requests that have ended while engines still work for them
   */
  EngineAccount(
      UUID requestId,
      long orgId,
      Function<MeteredTokens, Claim> claims,
      Consumer<EngineReceipt> late,
      AtomicInteger awaited) {
    this.requestId = requestId;
    this.orgId = orgId;
    this.claims = claims;
    this.late = late;
    this.awaited = awaited;
  }

  /**
   * Work is about to begin; {@link #ended(long, long, long)} follows, once.
   *
   * @param by the engine or upstream, at most 200 characters
   */
  public synchronized void begins(String by) {
    engine = by;
    running++;
  }

  /**
   * A piece of work has ended, well or not.
   *
   * @param computed tokens of the prompt that were computed
   * @param found tokens of the prompt that were found stored
   * @param sampled tokens that were generated
   */
  public void ended(long computed, long found, long sampled) {
    EngineReceipt receipt;
    boolean last;
    synchronized (this) {
      input += computed;
      cacheHit += found;
      output += sampled;
      running--;
      last = running == 0 && endReason != null;
      receipt = last && endReason != null ? receipt(endReason) : null;
    }
    if (receipt != null) {
      late.accept(receipt);
    }
    if (last) {
      awaited.decrementAndGet();
    }
  }

  /**
   * The gateway has ended the request.
   *
   * @param received what its client received
   * @return the receipt, where no engine works any more and one has
   */
  synchronized @Nullable EngineReceipt closed(UsageStatus reason, MeteredTokens received) {
    if (endReason != null) {
      return null;
    }
    endReason = reason;
    acknowledged = received;
    if (running > 0) {
      awaited.incrementAndGet();
      return null;
    }
    return receipt(reason);
  }

  private @Nullable EngineReceipt receipt(UsageStatus reason) {
    if (input + cacheHit + output == 0) {
      return null;
    }
    // An engine knows no thoughts from words; what the client had of them the gateway knows.
    long reasoning = Math.min(acknowledged.reasoning(), output);
    return new EngineReceipt(
        requestId,
        0,
        orgId,
        engine,
        new MeteredTokens(
            bounded(input), bounded(cacheHit), 0, bounded(output - reasoning), bounded(reasoning)),
        0,
        acknowledged.generated(),
        reason,
        claims.apply(acknowledged));
  }

  private static int bounded(long tokens) {
    return Math.clamp(tokens, 0, MeteredTokens.MAX_COUNT);
  }
}

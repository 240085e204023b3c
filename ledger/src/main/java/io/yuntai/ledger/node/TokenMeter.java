package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.MeteredTokens;

/**
 * Follows an answer token by token: says what may still be handed out, and remembers what the
 * client is known to have received. For one thread at a time.
 */
public final class TokenMeter {
  /** An extension is asked for while so many tokens are still paid for. */
  private static final long AHEAD_TOKENS = 8;

  private final OpenRequest request;
  private final long sliceTokens;
  private final long mostTokens;
  private MeteredTokens handedOut;
  private boolean exhausted;

  /** What is to be done with a further token. */
  public enum Step {
    /** It may be handed out. */
    PASS,
    /** It may be handed out once more is held: see {@link OpenRequest#extend}. */
    EXTEND,
    /** It may not, nor may any after it. */
    STOP
  }

  /**
   * @param prompt what the prompt counts
   * @param sliceTokens how many tokens are held at a time
   * @param mostTokens how many were asked for; for more it is not asked in advance
   */
  public TokenMeter(OpenRequest request, MeteredTokens prompt, long sliceTokens, long mostTokens) {
    this.request = request;
    this.sliceTokens = sliceTokens;
    this.mostTokens = mostTokens;
    this.handedOut = prompt;
  }

  /** What is followed. */
  public OpenRequest request() {
    return request;
  }

  /**
   * Whether an answer may go on to so many tokens.
   *
   * @param generated tokens generated, this one included
   */
  public Step step(long generated) {
    long allowed = request.allowedTokens();
    if (generated > allowed) {
      return exhausted ? Step.STOP : Step.EXTEND;
    }
    boolean early = exhausted || allowed >= mostTokens || generated + AHEAD_TOKENS <= allowed;
    return early ? Step.PASS : Step.EXTEND;
  }

  /** How many tokens in all are to be asked for next. */
  public long nextSlice(long generated) {
    long further = Math.max(request.allowedTokens(), generated) + sliceTokens;
    return Math.max(generated, Math.min(mostTokens, further));
  }

  /** An extension was granted, in whole or in part. */
  public void extended() {
    request.extended();
  }

  /** No more is to be had: what is held is used up, and then the answer ends. */
  public void exhausted() {
    exhausted = true;
  }

  /** Whether a further token was refused for good. */
  public boolean isExhausted() {
    return exhausted;
  }

  /** So much was handed out to be sent. */
  public void handedOut(MeteredTokens tokens) {
    handedOut = tokens;
  }

  /** Everything handed out so far has been sent. */
  public void flushed() {
    if (handedOut.generated() > 0 && !handedOut.equals(request.acknowledged())) {
      request.acknowledged(handedOut);
    }
  }

  /**
   * The answer is complete, all of it to be sent.
   *
   * @param status whether by itself or because of a budget
   * @param tokens exact counts
   * @return as {@link OpenRequest#end}
   */
  public long completed(UsageStatus status, MeteredTokens tokens) {
    return request.end(status, tokens);
  }

  /**
   * The answer was broken off: what the client is known to have received is charged, and nothing
   * where that is nothing.
   *
   * @param charged what that was, with what is known of caches by now
   */
  public void brokenOff(UsageStatus status, MeteredTokens charged) {
    if (charged.generated() == 0) {
      request.abandon();
    } else {
      request.end(status, charged);
    }
  }

  /** What was handed out, sent or not. */
  public MeteredTokens handedOut() {
    return handedOut;
  }

  /** What the client is known to have received. */
  public MeteredTokens acknowledged() {
    return request.acknowledged();
  }
}

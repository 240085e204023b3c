package io.yuntai.server.routes;

/**
 * Lets retries be no more than a share of requests, beside a few at once: where everything fails,
 * retries would double the load on what is left. A bucket of tokens, filled by requests and not by
 * time. Safe for use by many threads.
 */
final class RetryBudget {
  private static final long MICRO = 1_000_000;

  private final long shareMicros;
  private final long burstMicros;
  private long micros;

  /**
   * @param share retries per request, 0 to 1
   * @param burst retries that are free before requests have paid for them, at least 0
   */
  RetryBudget(double share, int burst) {
    this.shareMicros = Math.round(share * MICRO);
    this.burstMicros = burst * MICRO;
    this.micros = burstMicros;
  }

  /** A request came. */
  synchronized void request() {
    micros = Math.min(micros + shareMicros, Math.max(burstMicros, MICRO));
  }

  /** Whether another target may be tried for a request. */
  synchronized boolean tryRetry() {
    if (micros < MICRO) {
      return false;
    }
    micros -= MICRO;
    return true;
  }
}

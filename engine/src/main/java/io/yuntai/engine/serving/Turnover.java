package io.yuntai.engine.serving;

import java.util.concurrent.TimeUnit;

/**
 * How fast places become free, from what was seen last; for telling a caller when to come again.
 * Safe for use by many threads.
 */
final class Turnover {
  private static final int REMEMBERED = 32;
  private static final int MAX_SECONDS = 600;
  private static final double SMOOTHING = 0.1;

  private final long[] endedNanos = new long[REMEMBERED];
  private int ended;
  private double stepNanos;
  private int stepsUntilAPlace;

  /** A sequence ended. */
  synchronized void sequenceEnded(long nowNanos) {
    endedNanos[ended++ % REMEMBERED] = nowNanos;
  }

  /**
   * A step is done.
   *
   * @param nanos how long it took
   * @param untilAPlace after how many more a place becomes free at the latest
   */
  synchronized void stepped(long nanos, int untilAPlace) {
    stepNanos = stepNanos == 0 ? nanos : stepNanos + SMOOTHING * (nanos - stepNanos);
    stepsUntilAPlace = untilAPlace;
  }

  /**
   * In how many seconds a place is likely to be free, 1 to 600: the mean time between the latest
   * ends, the time since the last one included, or the time that the sequence nearest to its end
   * still takes at most; whichever is less.
   */
  synchronized int secondsUntilAPlace(long nowNanos) {
    double nanos = stepNanos * stepsUntilAPlace;
    int known = Math.min(ended, REMEMBERED);
    if (known > 0) {
      long oldest = endedNanos[(ended - known) % REMEMBERED];
      nanos = Math.min(nanos, (double) (nowNanos - oldest) / known);
    }
    double seconds = Math.ceil(nanos / TimeUnit.SECONDS.toNanos(1));
    return (int) Math.clamp(seconds, 1, MAX_SECONDS);
  }
}

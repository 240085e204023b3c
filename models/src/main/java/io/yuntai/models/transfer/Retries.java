package io.yuntai.models.transfer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether a failed request is repeated, and waits before it; one for a whole transfer,
 * shared by its workers.
 */
final class Retries {
  private final TransferLimits limits;
  private final Pause pause;
  private final TransferListener listener;
  private final AtomicInteger total = new AtomicInteger();

  Retries(TransferLimits limits, Pause pause, TransferListener listener) {
    this.limits = limits;
    this.pause = pause;
    this.listener = listener;
  }

  /**
   * Waits before the next try.
   *
   * @param inARow failures without a new byte between them, this one included; from 1
   * @throws SourceException if there have been enough
   */
  void await(TransientException failure, int inARow) throws SourceException, InterruptedException {
    Duration asked = failure.retryAfter();
    if (asked != null && asked.compareTo(limits.retryAfterMax()) > 0) {
      throw new SourceException(
          failure.getMessage()
              + " and asks to wait "
              + asked.toSeconds()
              + " s, longer than the "
              + limits.retryAfterMax().toSeconds()
              + " s that a pull waits; try again later");
    }
    if (inARow > limits.retriesMax()) {
      throw new SourceException(failure.getMessage() + ", " + inARow + " times in a row", failure);
    }
    if (total.incrementAndGet() > limits.retriesTotalMax()) {
      throw new SourceException(
          failure.getMessage() + "; given up after " + limits.retriesTotalMax() + " repeats",
          failure);
    }
    Duration wait = asked == null ? backoff(inARow) : asked;
    listener.note(failure.getMessage() + "; trying again in " + wait.toMillis() / 1000.0 + " s.");
    pause.await(wait);
  }

  private Duration backoff(int inARow) {
    Duration doubled = limits.backoffMin().multipliedBy(1L << Math.min(inARow - 1, 20));
    return doubled.compareTo(limits.backoffMax()) > 0 ? limits.backoffMax() : doubled;
  }
}

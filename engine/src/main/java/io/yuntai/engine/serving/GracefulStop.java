package io.yuntai.engine.serving;

import java.time.Duration;
import java.util.function.LongConsumer;

/** How a loop is brought to its end by a caller who waits for it. */
final class GracefulStop {
  private static final Duration LONGEST = Duration.ofDays(365);

  private GracefulStop() {}

  /**
   * Begins a stop and returns when the thread has ended. An interrupt ends the grace, and is kept.
   *
   * @param grace how long what is there may take to finish
   * @param begin takes the point of {@link System#nanoTime()} at which the grace is over; called
   *     again with an earlier one by an interrupt
   */
  static void stop(Thread thread, Duration grace, LongConsumer begin) {
    begin.accept(after(grace));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
        begin.accept(after(Duration.ZERO));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long after(Duration grace) {
    return System.nanoTime() + Math.clamp(grace.toMillis(), 0, LONGEST.toMillis()) * 1_000_000;
  }
}

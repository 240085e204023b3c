package io.yuntai.server.telemetry;

import java.time.Duration;

/** How long a server that stops waits for a thread that still has something to write or send. */
final class ThreadEnd {
  private static final Duration MOST = Duration.ofSeconds(3);

  private ThreadEnd() {}

  /** Waits for its end, for some seconds at most; then it is interrupted. */
  static void await(Thread thread) {
    try {
      if (!thread.join(MOST)) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}

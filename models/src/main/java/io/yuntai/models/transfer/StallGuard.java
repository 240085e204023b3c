package io.yuntai.models.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a body from which too little comes, so that its reader's blocking read ends: at least
 * {@code bytesMin} must arrive in each {@code window}. A server that drips a byte now and then is
 * caught as well as a silent one.
 */
final class StallGuard implements AutoCloseable {
  private final InputStream body;
  private final Duration window;
  private final long bytesMin;
  private final AtomicLong received = new AtomicLong();
  private final Thread thread;
  private volatile boolean stalled;

  StallGuard(InputStream body, Duration window, long bytesMin) {
    this.body = body;
    this.window = window;
    this.bytesMin = bytesMin;
    this.thread = Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  void count(long bytes) {
    received.addAndGet(bytes);
  }

  /** Whether the body was closed for being too slow. */
  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      for (long before = 0; ; before = received.get()) {
        TimeUnit.NANOSECONDS.sleep(window.toNanos());
        if (received.get() - before < bytesMin) {
          stalled = true;
          body.close();
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // Interrupted: the body is done. Failed to close: its reader gets the same error.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

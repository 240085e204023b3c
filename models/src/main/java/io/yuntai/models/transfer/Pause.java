package io.yuntai.models.transfer;

import java.time.Duration;

/** Waiting, as a port so that a test need not. */
@FunctionalInterface
public interface Pause {
  void await(Duration time) throws InterruptedException;

  /** The thread sleeps. */
  static Pause real() {
    return time -> Thread.sleep(time);
  }
}

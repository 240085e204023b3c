package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.ExitCode;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** Ctrl-C while a plan is solved: the first interrupts the solver; the second ends the process. */
final class Interruption implements AutoCloseable {
  private static final String INT = "INT";

  private final Thread solver = Thread.currentThread();
  private final AtomicInteger count = new AtomicInteger();
  private @Nullable Object previous;

  private Interruption() {}

  static Interruption ofCtrlC() {
    Interruption interruption = new Interruption();
    interruption.previous = Signals.register(INT, interruption::onSignal);
    return interruption;
  }

  private void onSignal() {
    if (count.incrementAndGet() == 1) {
      solver.interrupt();
    } else {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }
  }

  @Override
  public void close() {
    if (previous != null) {
      Signals.unregister(INT, previous);
    }
  }
}

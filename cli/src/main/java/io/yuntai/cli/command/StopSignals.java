package io.yuntai.cli.command;

import io.yuntai.cli.terminal.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, SIGTERM and a closed terminal, as the server's process takes them: the first asks for a
 * clean stop, the second hurries it, the third ends the process.
 */
final class StopSignals implements AutoCloseable {
  private static final long HURRY_MILLIS = 5_000;

  private final Thread waiter;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, @Nullable Object> previous = new LinkedHashMap<>();
  private volatile boolean waiting;

  private StopSignals(Thread waiter) {
    this.waiter = waiter;
  }

  /**
   * Takes over the signals.
   *
   * @param detached whether a closed terminal means nothing to this process
   */
  static StopSignals install(boolean detached) {
    StopSignals signals = new StopSignals(Thread.currentThread());
    List<String> names = new ArrayList<>(List.of("INT", "TERM"));
    if (!detached) {
      names.add("HUP");
    }
    for (String name : names) {
      signals.previous.put(name, Signals.register(name, signals::onSignal));
    }
    return signals;
  }

  private void onSignal() {
    switch (count.incrementAndGet()) {
      case 1 -> {
        asked.countDown();
        if (!waiting) {
          waiter.interrupt(); // still starting: give that up
        }
      }
      case 2 -> {
        waiter.interrupt();
        Thread.ofPlatform().daemon().name("hurry").start(StopSignals::endSoon);
      }
      default -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }
  }

  private static void endSoon() {
    try {
      Thread.sleep(HURRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
  }

  /** Returns when a stop has been asked for. */
  void await() throws InterruptedException {
    waiting = true;
    asked.await();
  }

  @Override
  public void close() {
    previous.forEach((name, handler) -> {
      if (handler != null) {
        Signals.unregister(name, handler);
      }
    });
  }
}

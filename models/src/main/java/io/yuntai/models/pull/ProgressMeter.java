package io.yuntai.models.pull;

import io.yuntai.models.pull.PullEvent.Phase;
import io.yuntai.models.pull.PullEvent.Progress;
import io.yuntai.models.transfer.TransferListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Turns bytes into {@link Progress} events: at most one each {@link #INTERVAL}, the rate over the
 * last {@link #WINDOW}.
 *
 * <p>All events of a pull go through here, one at a time.
 */
final class ProgressMeter implements TransferListener {
  static final Duration INTERVAL = Duration.ofMillis(200);
  static final Duration WINDOW = Duration.ofSeconds(5);

  private final PullListener listener;
  private final LongSupplier nanoTime;
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long bytes) {}

  private Phase phase = Phase.DOWNLOAD;
  private long bytes;
  private long totalBytes = -1;
  private int part = 1;
  private int parts = 1;

  /**
   * @param nanoTime a clock that only goes forward, such as {@link System#nanoTime}
   */
  ProgressMeter(PullListener listener, LongSupplier nanoTime) {
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  synchronized void event(PullEvent event) {
    listener.onEvent(event);
  }

  @Override
  public void started(long presentBytes, long total) {
    start(Phase.DOWNLOAD, presentBytes, total);
  }

  synchronized void start(Phase next, long presentBytes, long total) {
    phase = next;
    bytes = presentBytes;
    totalBytes = total;
    samples.clear();
    samples.add(new Sample(nanoTime.getAsLong(), bytes));
    report(0);
  }

  @Override
  public synchronized void received(long more) {
    bytes = totalBytes < 0 ? bytes + more : Math.min(totalBytes, bytes + more);
    long now = nanoTime.getAsLong();
    boolean last = bytes == totalBytes;
    if (!last && now - samples.getLast().nanos() < INTERVAL.toNanos()) {
      return;
    }
    samples.add(new Sample(now, bytes));
    while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW.toNanos()) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    report((bytes - first.bytes()) * 1e9 / Math.max(1, now - first.nanos()));
  }

  @Override
  public synchronized void part(int number, int count) {
    part = number;
    parts = count;
  }

  @Override
  public void note(String message) {
    event(new PullEvent.Note(message));
  }

  private void report(double bytesPerSecond) {
    boolean known = totalBytes >= 0 && bytesPerSecond >= 1;
    long etaSeconds = known ? (long) Math.ceil((totalBytes - bytes) / bytesPerSecond) : -1;
    listener.onEvent(
        new Progress(phase, bytes, totalBytes, bytesPerSecond, etaSeconds, part, parts));
  }
}

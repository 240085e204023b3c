package io.yuntai.ledger.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Records that are to be sent to the bank, in batches, one batch at a time. A batch that failed is
 * sent again as it is: the bank knows what it has. Guarded by its owner.
 */
final class SettlementQueue<T> {
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LEAST_PAUSE = Duration.ofMillis(1);

  private final NodeSettings settings;
  private final RandomGenerator random;
  private final Queue<Entry<T>> queue = new ArrayDeque<>();
  private int sent;
  private int failures;
  private long notBeforeNanos;
  private boolean retrying;
  private boolean closing;

  /**
   * How full its sender knows it to be: {@link #fullness} when it was last told of {@link #news}.
   */
  private int told;

  private record Entry<T>(T record, long addedNanos) {}

  SettlementQueue(NodeSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  void add(T record, long now) {
    queue.add(new Entry<>(record, now));
  }

  int size() {
    return queue.size();
  }

  boolean isFull() {
    return queue.size() >= settings.maxBacklog();
  }

  /**
   * Whether a sender that sleeps must be woken: it knows when the oldest record that it saw is due,
   * but not that there is one, nor that they fill a batch.
   */
  boolean news() {
    int now = fullness();
    boolean news = now > told;
    told = Math.max(told, now);
    return news;
  }

  private int fullness() {
    return queue.isEmpty() ? 0 : queue.size() < settings.batchRows() ? 1 : 2;
  }

  /** What is to be sent now; null while a batch is under way or nothing is due. */
  @Nullable List<T> batch(long now) {
    Entry<T> oldest = queue.peek();
    if (sent > 0 || oldest == null || (retrying && now - notBeforeNanos < 0)) {
      return null;
    }
    if (!closing && queue.size() < settings.batchRows() && waitNanos(oldest, now) > 0) {
      return null;
    }
    List<T> batch = new ArrayList<>();
    for (Iterator<Entry<T>> all = queue.iterator();
        all.hasNext() && batch.size() < settings.batchRows(); ) {
      batch.add(all.next().record());
    }
    sent = batch.size();
    return batch;
  }

  private long waitNanos(Entry<T> oldest, long now) {
    return settings.batchWait().toNanos() - (now - oldest.addedNanos());
  }

  /** Nothing waits for more to come any longer. */
  void close() {
    closing = true;
  }

  /**
   * How long until a batch is due, if no more comes.
   *
   * @param otherwise where nothing waits
   */
  Duration pause(long now, Duration otherwise) {
    Entry<T> oldest = queue.peek();
    if (oldest == null) {
      return otherwise;
    }
    long nanos = retrying ? notBeforeNanos - now : waitNanos(oldest, now);
    return Duration.ofNanos(Math.clamp(nanos, LEAST_PAUSE.toNanos(), otherwise.toNanos()));
  }

  /** The bank has it. */
  void done() {
    for (; sent > 0; sent--) {
      queue.remove();
    }
    told = Math.min(told, fullness());
    failures = 0;
    retrying = false;
  }

  /** Whether the bank has it is unknown. */
  void failed(long now) {
    sent = 0;
    failures++;
    long most = settings.retryMost().toNanos();
    long pause = Math.min(most, FIRST_RETRY.toNanos() << Math.min(failures - 1, 20));
    // Half of it by chance, so that gateways do not come back all at once.
    notBeforeNanos = now + pause / 2 + random.nextLong(pause / 2 + 1);
    retrying = true;
  }

  /** How often in a row the bank has not answered. */
  int failures() {
    return failures;
  }
}

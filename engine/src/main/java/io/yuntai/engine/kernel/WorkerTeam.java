package io.yuntai.engine.kernel;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that share the items of one task at a time. The caller is worker 0 and
 * works too.
 *
 * <p>Each worker has a share, a range of items, and takes over from others' shares when its own is
 * done; results cannot depend on who computes what. Between two tasks workers spin for a short
 * time, since the next one usually follows within microseconds, and then park. A parked worker that
 * does not wake before all items are done is left out: nobody waits for it. For one calling thread
 * at a time.
 *
 * <p>A step of a small model has some 150 tasks of 5 to 30 microseconds, so what is shared between
 * threads is kept to few cache lines, each of which one thread writes: 0.1 microseconds for each
 * that has to travel.
 */
public final class WorkerTeam implements AutoCloseable {
  /** Part of a task. */
  @FunctionalInterface
  public interface Task {
    /**
     * @param item which part, 0 up to the number of items
     * @param worker who runs it, 0 up to {@link WorkerTeam#workers()}: index of its scratch memory
     */
    void run(int item, int worker);
  }

  /** Turns of the waiting loop before a worker parks: some 50 microseconds. */
  private static final int SPINS = 2_000;

  /** Longs in a cache line, twice over since lines are fetched in pairs. */
  private static final int LINE = 16;

  // Where things stand in the shared longs: a line of each worker for each of these.
  private static final int LINES_PER_WORKER = 3;

  /** The next item of its share and, in the upper bits, the round that this is about. */
  private static final int CLAIM = 0;

  /** The last round whose items it has done. */
  private static final int DONE = 1;

  /** {@link #RUNNING}, or parked: the last round that it can no longer join. */
  private static final int STATE = 2;

  private static final long RUNNING = -1;
  private static final int ITEM_BITS = 24;
  private static final long ITEM_MASK = (1 << ITEM_BITS) - 1;

  private final Thread[] threads;
  private final AtomicLongArray shared;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;

  // The running task; these three travel in one cache line.
  private Task task = (item, worker) -> {};
  private int items;
  private volatile long round;

  /**
   * @param workers number of workers, the caller included; at least 1
   */
  public WorkerTeam(int workers) {
    threads = new Thread[workers - 1];
    shared = new AtomicLongArray((1 + workers * LINES_PER_WORKER) * LINE);
    for (int worker = 1; worker < workers; worker++) {
      shared.set(line(worker, STATE), RUNNING);
    }
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] =
          Thread.ofPlatform().daemon().name("yuntai-worker-" + worker).start(() -> work(worker));
    }
  }

  /** Number of workers, the caller included. */
  public int workers() {
    return threads.length + 1;
  }

  /**
   * Runs all items and returns when they are done. What the items wrote is visible to the caller.
   *
   * @throws RuntimeException the first that an item threw
   */
  public void run(int itemCount, Task newTask) {
    if (threads.length == 0 || itemCount == 1) {
      for (int item = 0; item < itemCount; item++) {
        newTask.run(item, 0);
      }
      return;
    }
    if (itemCount > ITEM_MASK) {
      throw new IllegalArgumentException(itemCount + " items for at most " + ITEM_MASK);
    }
    task = newTask;
    items = itemCount;
    long round = this.round + 1;
    this.round = round; // publishes the task
    for (int worker = 1; worker < workers(); worker++) {
      if (shared.get(line(worker, STATE)) != RUNNING) {
        LockSupport.unpark(threads[worker - 1]);
      }
    }
    claimItems(0, round);
    for (int worker = 1; worker < workers(); worker++) {
      await(worker, round);
    }
    if (failure.get() != null) {
      Throwable thrown = failure.getAndSet(null);
      throw new IllegalStateException("a worker failed: " + thrown, thrown);
    }
  }

  /** Until a worker has done its items, unless it is parked and so has none. */
  private void await(int worker, long round) {
    int state = line(worker, STATE);
    for (int spins = 0; shared.get(line(worker, DONE)) != round; spins++) {
      long parked = shared.get(state);
      if (parked != RUNNING && shared.compareAndSet(state, parked, round)) {
        return;
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 20_000); // our worker waits for a processor: leave it ours
      }
    }
  }

  private static int line(int worker, int which) {
    return (1 + worker * LINES_PER_WORKER + which) * LINE;
  }

  private int shareStart(int worker) {
    return (int) ((long) items * worker / workers());
  }

  private void claimItems(int worker, long round) {
    try {
      for (int i = 0; i < workers(); i++) {
        int share = worker + i < workers() ? worker + i : worker + i - workers();
        int item = claim(share, round);
        while (item >= 0) {
          task.run(item, worker);
          item = claim(share, round);
        }
      }
    } catch (RuntimeException | Error thrown) {
      failure.compareAndSet(null, thrown);
    }
  }

  /** The next item of a share; -1 if there is none. */
  private int claim(int share, long round) {
    int claim = line(share, CLAIM);
    int end = shareStart(share + 1);
    while (true) {
      long last = shared.get(claim);
      int item = last >>> ITEM_BITS == round ? (int) (last & ITEM_MASK) : shareStart(share);
      if (item >= end) {
        return -1;
      }
      if (shared.compareAndSet(claim, last, round << ITEM_BITS | (item + 1))) {
        return item;
      }
    }
  }

  private void work(int worker) {
    long round = awaitRound(worker, 0);
    while (!closed) {
      claimItems(worker, round);
      shared.set(line(worker, DONE), round);
      round = awaitRound(worker, round);
    }
  }

  /** Waits for the round after the one seen last, or until the team is closed. */
  private long awaitRound(int worker, long seen) {
    for (int spins = 0; spins < SPINS; spins++) {
      long current = round;
      if (current != seen) {
        return current;
      }
      Thread.onSpinWait();
    }
    int state = line(worker, STATE);
    shared.set(state, seen);
    while (!closed) {
      long over = shared.get(state);
      long current = round;
      if (current == over) {
        LockSupport.park(this);
      } else if (shared.compareAndSet(state, over, RUNNING)) {
        return current;
      }
    }
    return seen;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}

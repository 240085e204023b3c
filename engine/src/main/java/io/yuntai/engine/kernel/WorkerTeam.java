package io.yuntai.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that share the items of one task at a time. The caller is worker 0 and
 * works too.
 *
 * <p>Between two tasks workers spin for a short time, since the next one usually follows within
 * microseconds, and then park. Items are claimed one by one, so a worker that is held up costs
 * little; results cannot depend on who computes what. For one calling thread at a time.
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

  /** Integers in a cache line, twice over since lines are fetched in pairs. */
  private static final int LINE = 32;

  private final Thread[] threads;

  /** Per worker the next item of its share, each counter in a cache line of its own. */
  private final AtomicIntegerArray nextItems;

  private final AtomicInteger unfinishedWorkers = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean closed;
  private Task task = (item, worker) -> {};
  private int items;

  /**
   * @param workers number of workers, the caller included; at least 1
   */
  public WorkerTeam(int workers) {
    threads = new Thread[workers - 1];
    nextItems = new AtomicIntegerArray(workers * LINE);
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
    task = newTask;
    items = itemCount;
    for (int worker = 0; worker < workers(); worker++) {
      nextItems.set(worker * LINE, shareStart(worker));
    }
    unfinishedWorkers.set(threads.length);
    round.incrementAndGet();
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    claimItems(0);
    for (int spins = 0; unfinishedWorkers.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 20_000); // our worker waits for a processor: leave it ours
      }
    }
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw new IllegalStateException("a worker failed: " + thrown, thrown);
    }
  }

  private int shareStart(int worker) {
    return (int) ((long) items * worker / workers());
  }

  private void claimItems(int worker) {
    try {
      for (int i = 0; i < workers(); i++) {
        int share = (worker + i) % workers();
        int end = shareStart(share + 1);
        int item = nextItems.getAndIncrement(share * LINE);
        while (item < end) {
          task.run(item, worker);
          item = nextItems.getAndIncrement(share * LINE);
        }
      }
    } catch (RuntimeException | Error thrown) {
      failure.compareAndSet(null, thrown);
    }
  }

  private void work(int worker) {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (round.get() == seen) {
        if (closed) {
          return;
        }
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = round.get();
      claimItems(worker);
      unfinishedWorkers.decrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}

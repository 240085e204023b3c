package io.yuntai.server.upstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends exchanges that take too long. One thread looks at all of them at each period, and sleeps
 * while there are none: a timer for each read, of which a stream has one for each token, would cost
 * more than the read itself. So deadlines are kept to within a period.
 */
public final class Deadlines implements AutoCloseable {
  private static final long PERIOD_NANOS = 50_000_000;

  private final Set<Watched> all = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean sleeping;
  private volatile boolean closed;

  /** Something that may take too long. */
  interface Watched {
    /** Ends it if its deadline has passed; quick. */
    void check(long nowNanos);
  }

  /** Starts its thread. */
  public Deadlines() {
    thread = Thread.ofPlatform().name("upstream-deadlines").daemon().start(this::run);
  }

  void watch(Watched watched) {
    all.add(watched);
    if (sleeping) {
      sleeping = false;
      LockSupport.unpark(thread);
    }
  }

  void forget(Watched watched) {
    all.remove(watched);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  /** Until there is something to watch; whoever adds it looks at {@code sleeping} afterwards. */
  private void sleep() {
    sleeping = true;
    while (all.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    sleeping = false;
  }

  private void run() {
    while (!closed) {
      if (all.isEmpty()) {
        sleep();
      }
      LockSupport.parkNanos(this, PERIOD_NANOS);
      long now = System.nanoTime();
      for (Watched watched : all) {
        watched.check(now);
      }
    }
  }
}

package io.yuntai.ledger.database;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that what is remembered of a database is never used later than a bound after its being
 * current was certain: by looking for changes when somebody asks, and a fifth of the bound ahead
 * and beside who asks where that is all the time. While the database does not answer, who asks is
 * told so without waiting for it again. Safe for use by many threads.
 */
public final class Freshness {
  /** How long what is remembered may be used by those who declared that they go on then. */
  public static final Duration OUTAGE_MOST = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);

  /** After a look that failed, the next one is not before this. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How long a look is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long those wait for it who would go on without. */
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final long maxAgeNanos;
  private final Duration patience;
  private final Runnable look;

  /** Held while somebody looks, and by whoever must not be looked beside. */
  private final ReentrantLock looking = new ReentrantLock();

  /** Whether a thread looks or is about to. */
  private final AtomicBoolean busy = new AtomicBoolean();

  private final ReentrantLock ends = new ReentrantLock();
  private final Condition ended = ends.newCondition();

  /** When a look that succeeded began, {@link System#nanoTime}. */
  private volatile long currentAtNanos;

  /** Why the last look failed, null where it has not; and when. */
  private volatile @Nullable DatabaseException failure;

  private volatile long failedAtNanos;

  /**
   * @param name of the thread that looks
   * @param maxAge the bound
   * @param look asks the database for changes and forgets what has changed; one thread at a time
   *     calls it
   */
  public Freshness(String name, Duration maxAge, Runnable look) {
    this(name, maxAge, PATIENCE, look);
  }

  Freshness(String name, Duration maxAge, Duration patience, Runnable look) {
    this.name = name;
    this.patience = patience;
    this.maxAgeNanos = maxAge.toNanos();
    this.look = look;
    this.currentAtNanos = System.nanoTime() - maxAgeNanos - 1;
  }

  /**
   * Returns when what is remembered is within the bound.
   *
   * @throws DatabaseException when nobody can say
   */
  public void ensure() {
    if (!isOlderThan(maxAgeNanos)) {
      lookAhead();
      return;
    }
    long began = System.nanoTime();
    rethrow(began - RETRY.toNanos());
    if (!lookedWithin(patience, began)) {
      rethrow(began);
      throw silent(patience);
    }
  }

  /**
   * The same for those who go on with what is remembered while the database does not answer, for
   * {@link #OUTAGE_MOST}.
   *
   * @throws DatabaseException when it has not answered for longer
   */
  public void ensureUnlessAway() {
    if (!isOlderThan(maxAgeNanos)) {
      lookAhead();
      return;
    }
    if (failure != null) {
      startLook();
    } else if (!lookedWithin(SHORT_PATIENCE, System.nanoTime())) {
      LOG.debug("{}: going on with what is remembered, as was declared", name, failure);
    }
    if (isOlderThan(OUTAGE_MOST.toNanos())) {
      throw new DatabaseException(
          "The database has not answered for more than %d minutes."
              .formatted(OUTAGE_MOST.toMinutes()));
    }
  }

  /** Waits for a look; false where none has succeeded in that time or one has failed. */
  private boolean lookedWithin(Duration most, long beganNanos) {
    startLook();
    long left = most.toNanos();
    ends.lock();
    try {
      while (isOlderThan(maxAgeNanos)) {
        if (failure != null && failedAtNanos - beganNanos > 0) {
          return false;
        }
        if (left <= 0) {
          failed(silent(most));
          return false;
        }
        startLook(); // one that was under way may have been too old
        left = ended.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      ends.unlock();
    }
  }

  private void failed(DatabaseException why) {
    failedAtNanos = System.nanoTime();
    failure = why;
  }

  private static DatabaseException silent(Duration most) {
    return new DatabaseException(
        "The database has not answered for %d seconds.".formatted(most.toSeconds()));
  }

  private void startLook() {
    if (busy.compareAndSet(false, true)) {
      Thread.ofVirtual().name(name).start(this::lookAndTell);
    }
  }

  private void lookAndTell() {
    try {
      underLock(this::look);
    } catch (RuntimeException e) {
      LOG.debug("{}: whoever waits for it says why", name, e);
    } finally {
      busy.set(false);
      ends.lock();
      try {
        ended.signalAll();
      } finally {
        ends.unlock();
      }
    }
  }

  private void lookAhead() {
    if (isOlderThan(maxAgeNanos / 5 * 4)) {
      startLook();
    }
  }

  /**
   * Reads what is not remembered yet. Who asks waits no longer for it than for a look; what comes
   * later is remembered all the same, if the reading does so.
   *
   * @throws DatabaseException when the database has not answered by then; what the reading throws
   */
  public <T> T read(Supplier<T> reading) {
    FutureTask<T> task = new FutureTask<>(reading::get);
    Thread.ofVirtual().name(name).start(task);
    try {
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      DatabaseException silent = silent(patience);
      failed(silent);
      throw silent;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("Who asked the database was told to stop.", interrupted);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case DatabaseException away ->
            throw new DatabaseException(String.valueOf(away.getMessage()), away);
        case RuntimeException fault -> throw fault;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failed);
      }
    }
  }

  /** Notices what has been committed before this call. */
  public void now() {
    underLock(this::look);
  }

  /** Runs something while nobody looks. */
  public void underLock(Runnable work) {
    looking.lock();
    try {
      work.run();
    } finally {
      looking.unlock();
    }
  }

  private boolean isOlderThan(long nanos) {
    return System.nanoTime() - currentAtNanos > nanos;
  }

  /** Where a look has failed since then, it is not waited for another. */
  private void rethrow(long sinceNanos) {
    DatabaseException last = failure;
    if (last != null && failedAtNanos - sinceNanos > 0) {
      throw new DatabaseException(String.valueOf(last.getMessage()), last);
    }
  }

  private void look() {
    long began = System.nanoTime();
    try {
      look.run();
      currentAtNanos = began;
      failure = null;
    } catch (DatabaseException e) {
      failed(e);
      throw e;
    }
  }
}

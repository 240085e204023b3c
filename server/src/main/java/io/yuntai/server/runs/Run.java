package io.yuntai.server.runs;

import io.yuntai.dialect.ApiError;
import io.yuntai.server.gateway.Running;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run and its events. Safe for use by many threads. */
public final class Run {
  /** How far it is. */
  public enum Status {
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED
  }

  private final String id;
  private final String tenant;
  private final String model;
  private final boolean stream;
  private final Instant created;
  private final Running running;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<byte[]> events = new ArrayList<>();

  /** Bytes that {@link Runs} counts for it; guarded by its lock. */
  long counted;

  private Status status = Status.RUNNING;
  private @Nullable ApiError error;
  private int readers;
  private Instant lastRead;
  private @Nullable Instant ended;

  /**
   * @param id names it; not to be guessed
   * @param tenant whose it is
   * @param model what answers
   * @param stream whether its events are those of a stream, or one whole body
   * @param created when it began
   * @param running what works for it
   */
  Run(String id, String tenant, String model, boolean stream, Instant created, Running running) {
    this.id = id;
    this.tenant = tenant;
    this.model = model;
    this.stream = stream;
    this.created = created;
    this.running = running;
    this.lastRead = created;
  }

  /** Its name. */
  public String id() {
    return id;
  }

  String tenant() {
    return tenant;
  }

  /** What answers. */
  public String model() {
    return model;
  }

  /** Whether its events are those of a stream, or one whole body. */
  public boolean isStream() {
    return stream;
  }

  /** When it began. */
  public Instant created() {
    return created;
  }

  /** How far it is. */
  public Status status() {
    lock.lock();
    try {
      return status;
    } finally {
      lock.unlock();
    }
  }

  /** Events so far. */
  public int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  /** Why it failed. */
  public Optional<ApiError> error() {
    lock.lock();
    try {
      return Optional.ofNullable(error);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for events.
   *
   * @param from index of the first that is wanted, from 0
   * @param leave whether to give up; asked again after {@link #wake}
   * @return those that are there; empty when no more will come, or when it gave up
   */
  public List<byte[]> await(int from, BooleanSupplier leave) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.size() <= from && status == Status.RUNNING && !leave.getAsBoolean()) {
        changed.await();
      }
      return leave.getAsBoolean() || from >= events.size()
          ? List.of()
          : List.copyOf(events.subList(from, events.size()));
    } finally {
      lock.unlock();
    }
  }

  /** Lets those who wait ask whether they still want to. */
  public void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it within one step of what works for it. Without effect on one that has ended. */
  public void cancel() {
    if (end(Status.CANCELLED, null, Instant.now())) {
      running.cancel();
    }
  }

  /** Somebody reads it, until it is closed. */
  public Reading read() {
    lock.lock();
    try {
      readers++;
      return new Reading();
    } finally {
      lock.unlock();
    }
  }

  /** Somebody who reads. */
  public final class Reading implements AutoCloseable {
    private Reading() {}

    @Override
    public void close() {
      lock.lock();
      try {
        readers--;
        lastRead = Instant.now();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Adds an event; false where it has ended. */
  boolean add(byte[] event) {
    lock.lock();
    try {
      if (status != Status.RUNNING) {
        return false;
      }
      events.add(event);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** It ends; false where it had ended before. */
  boolean end(Status how, @Nullable ApiError why, Instant now) {
    lock.lock();
    try {
      if (status != Status.RUNNING) {
        return false;
      }
      status = how;
      error = why;
      ended = now;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** When it ended and was last read; empty while it runs or is read. */
  Optional<Instant> idleSince() {
    lock.lock();
    try {
      if (ended == null || readers > 0) {
        return Optional.empty();
      }
      return Optional.of(ended.isAfter(lastRead) ? ended : lastRead);
    } finally {
      lock.unlock();
    }
  }

  /** Since when nobody reads it though it runs; empty where that is not so. */
  Optional<Instant> unreadSince() {
    lock.lock();
    try {
      return status == Status.RUNNING && readers == 0 ? Optional.of(lastRead) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}

package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.dashscope.DashScopeTasks.Status;
import io.yuntai.dialect.dashscope.DashScopeTasks.Task;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Running;
import io.yuntai.server.http.InFlight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that run by themselves, and what became of them: kept in memory for a day at most, until
 * there are too many. Safe for use by many threads.
 */
final class DashScopeTaskBook {
  private static final Logger LOG = LoggerFactory.getLogger(DashScopeTaskBook.class);
  private static final int ID_BYTES = 16;
  private static final int MAX_RUNNING = 256;
  private static final int MAX_KEPT = 4096;
  private static final long MAX_KEPT_BYTES = 64L << 20;
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int RETRY_SECONDS = 5;

  private final InFlight inFlight;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int running;
  private long keptBytes;

  /**
   * @param inFlight lists what runs
   * @param random source of ids; safe for use by many threads
   */
  DashScopeTaskBook(InFlight inFlight, RandomGenerator random, InstantSource clock) {
    this.inFlight = inFlight;
    this.random = random;
    this.clock = clock;
  }

  /** What waits for a running answer and writes it. */
  @FunctionalInterface
  interface Work {
    byte[] finish() throws ApiException, InterruptedException;
  }

  private static final class Entry {
    private final String owner;
    private final Running running;
    private Task task;
    private boolean canceled;

    Entry(String owner, Running running, Task task) {
      this.owner = owner;
      this.running = running;
      this.task = task;
    }
  }

  /**
   * Lets something run by itself.
   *
   * @param started what runs
   * @param work waits for it
   * @param close comes last, whatever happened
   * @return the task's id
   * @throws ApiException 429 when too many run
   */
  String start(Principal owner, Running started, Work work, Runnable close) throws ApiException {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Entry entry =
        new Entry(
            owner.id(),
            started,
            new Task(
                id,
                Status.RUNNING,
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    boolean enters = enter(id, entry);
    if (!enters) {
      close.run();
      throw new ApiException(
          ApiError.tooMany(
              "%d tasks run already, as many as may; try again when some have ended."
                  .formatted(MAX_RUNNING),
              RETRY_SECONDS));
    }
    Thread.ofVirtual().name("dashscope-task").start(() -> run(entry, work, close));
    return id;
  }

  private synchronized boolean enter(String id, Entry entry) {
    if (running >= MAX_RUNNING) {
      return false;
    }
    running++;
    entries.put(id, entry);
    forget();
    return true;
  }

  private void run(Entry entry, Work work, Runnable close) {
    Status status = Status.FAILED;
    Optional<byte[]> answer = Optional.empty();
    Optional<ApiError> error = Optional.empty();
    try (InFlight.Listed _ = inFlight.list(entry.running)) {
      answer = Optional.of(work.finish());
      status = Status.SUCCEEDED;
    } catch (ApiException e) {
      error = Optional.of(e.error());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      error = Optional.of(ApiError.internal("The task was interrupted."));
    } catch (RuntimeException e) {
      LOG.error("{}: failed", entry.task.id(), e);
      error = Optional.of(ApiError.internal("The server failed to do the task."));
    } finally {
      close.run();
      end(entry, status, answer, error);
    }
  }

  private synchronized void end(
      Entry entry, Status status, Optional<byte[]> answer, Optional<ApiError> error) {
    running--;
    keptBytes += answer.map(bytes -> bytes.length).orElse(0);
    entry.task =
        new Task(
            entry.task.id(),
            entry.canceled ? Status.CANCELED : status,
            entry.task.submitted(),
            Optional.of(clock.instant()),
            answer,
            entry.canceled ? Optional.empty() : error);
    forget();
  }

  /** The oldest go first; what still runs stays. */
  private void forget() {
    Instant before = clock.instant().minus(KEPT);
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext()) {
      Task task = all.next().task;
      boolean tooMany = entries.size() > MAX_KEPT || keptBytes > MAX_KEPT_BYTES;
      if (task.ended().isPresent() && (tooMany || task.submitted().isBefore(before))) {
        keptBytes -= task.answer().map(bytes -> bytes.length).orElse(0);
        all.remove();
      }
    }
  }

  /** A task of this owner. */
  synchronized Optional<Task> find(Principal owner, String id) {
    return Optional.ofNullable(entries.get(id))
        .filter(entry -> entry.owner.equals(owner.id()))
        .map(entry -> entry.task);
  }

  /** Ends a task; false where none of this owner runs by this id. */
  boolean cancel(Principal owner, String id) {
    Running canceled;
    synchronized (this) {
      Entry entry = entries.get(id);
      if (entry == null || !entry.owner.equals(owner.id()) || entry.task.ended().isPresent()) {
        return false;
      }
      entry.canceled = true;
      canceled = entry.running;
    }
    canceled.cancel();
    return true;
  }
}

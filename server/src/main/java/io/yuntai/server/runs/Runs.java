package io.yuntai.server.runs;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Running;
import io.yuntai.server.runs.Run.Status;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All runs that are not forgotten. Safe for use by many threads. */
public final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final int ID_BYTES = 16;

  private final RunLimits limits;
  private final RandomGenerator random;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Map<String, Long> bytesByTenant = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param random source of ids; safe for use by many threads, and not to be guessed
   */
  public Runs(RunLimits limits, RandomGenerator random, InstantSource clock) {
    this.limits = limits;
    this.random = random;
    this.clock = clock;
  }

  /** The bounds. */
  public RunLimits limits() {
    return limits;
  }

  /**
   * Begins a run.
   *
   * @param tenant whose it is
   * @param model what answers
   * @param stream whether its events are those of a stream, or one whole body
   * @param running what works for it and can be cancelled
   * @param task what it does
   * @throws ApiException 429 when the tenant has too many
   */
  public Run start(String tenant, String model, boolean stream, Running running, RunTask task)
      throws ApiException {
    Run run = new Run("run_" + randomHex(), tenant, model, stream, clock.instant(), running);
    enter(run);
    Thread.ofVirtual().name(run.id()).start(() -> work(run, task));
    return run;
  }

  private String randomHex() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private void enter(Run run) throws ApiException {
    lock.lock();
    try {
      sweep(clock.instant());
      long own = runs.values().stream().filter(r -> r.tenant().equals(run.tenant())).count();
      while (own >= limits.maxTenantRuns() && evict(run.tenant())) {
        own--;
      }
      if (own >= limits.maxTenantRuns()) {
        throw new ApiException(
            ApiError.tooMany(
                "You have %d runs that have not ended, as many as one key may.".formatted(own), 5));
      }
      runs.put(run.id(), run);
    } finally {
      lock.unlock();
    }
  }

  private void work(Run run, RunTask task) {
    try {
      task.work(new LogOutput(run));
      run.end(Status.COMPLETED, null, clock.instant());
    } catch (InterruptedException _) {
      run.end(Status.CANCELLED, null, clock.instant());
    } catch (RuntimeException e) {
      LOG.error("{} broke off", run.id(), e);
      run.end(Status.FAILED, ApiError.internal("The run broke off."), clock.instant());
    }
  }

  private final class LogOutput implements RunTask.Output {
    private final Run run;

    LogOutput(Run run) {
      this.run = run;
    }

    @Override
    public boolean append(byte[] events) {
      for (byte[] event : run.isStream() ? EventBlocks.split(events) : List.of(events)) {
        if (!makeRoom(run, event.length)) {
          run.end(
              Status.FAILED,
              ApiError.invalidRequest(
                  400,
                  "run_too_long",
                  "The run wrote more than the server keeps; ask without X-Yuntai-On-Disconnect, or for a shorter answer."),
              clock.instant());
          return false;
        }
        if (!run.add(event)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void fail(ApiError error) {
      run.end(Status.FAILED, error, clock.instant());
    }
  }

  /**
   * Counts further bytes of a run, forgetting older runs where needed; false where they don't fit.
   */
  private boolean makeRoom(Run run, int more) {
    lock.lock();
    try {
      if (!runs.containsKey(run.id()) || run.counted + more > limits.maxRunBytes()) {
        return false;
      }
      while (tenantBytes(run.tenant()) + more > limits.maxTenantBytes()) {
        if (!evict(run.tenant())) {
          return false;
        }
      }
      while (bytes + more > limits.maxBytes()) {
        if (!evict(null)) {
          return false;
        }
      }
      run.counted += more;
      bytes += more;
      bytesByTenant.merge(run.tenant(), (long) more, Long::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long tenantBytes(String tenant) {
    return bytesByTenant.getOrDefault(tenant, 0L);
  }

  /** Forgets the run that has been idle longest; false where there is none. */
  private boolean evict(@Nullable String tenant) {
    Optional<Run> oldest =
        runs.values().stream()
            .filter(run -> tenant == null || run.tenant().equals(tenant))
            .filter(run -> run.idleSince().isPresent())
            .min(Comparator.comparing(run -> run.idleSince().orElse(Instant.MAX)));
    oldest.ifPresent(this::forget);
    return oldest.isPresent();
  }

  private void forget(Run run) {
    if (runs.remove(run.id()) != null) {
      long size = run.counted;
      bytes -= size;
      bytesByTenant.computeIfPresent(run.tenant(), (_, b) -> b == size ? null : b - size);
    }
  }

  /**
   * A tenant's run.
   *
   * @throws ApiException 404 where there is none of this name, or it is somebody else's
   */
  public Run find(String tenant, String id) throws ApiException {
    lock.lock();
    try {
      sweep(clock.instant());
      Run run = runs.get(id);
      if (run == null || !run.tenant().equals(tenant)) {
        throw new ApiException(
            ApiError.invalidRequest(
                404,
                "run_not_found",
                "There is no run of this name; runs are kept for %d s after they have ended."
                    .formatted(limits.kept().toSeconds())));
      }
      return run;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a run can still be read. */
  boolean knows(Run run) {
    lock.lock();
    try {
      return runs.containsKey(run.id());
    } finally {
      lock.unlock();
    }
  }

  /** Ends a run if it still runs, and forgets it. */
  public void delete(Run run) {
    run.cancel();
    lock.lock();
    try {
      forget(run);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what has been idle for too long, and ends what nobody has read for too long. */
  public void sweep() {
    lock.lock();
    try {
      sweep(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  private void sweep(Instant now) {
    for (Run run : List.copyOf(runs.values())) {
      if (run.unreadSince()
          .filter(since -> since.plus(limits.unread()).isBefore(now))
          .isPresent()) {
        run.cancel();
      }
      if (run.idleSince().filter(since -> since.plus(limits.kept()).isBefore(now)).isPresent()) {
        forget(run);
      }
    }
  }
}

package io.yuntai.server.runs;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run for all requests of a tenant that carry the same key and the same body, for as long as
 * the run is kept. A run that failed or was cancelled does not count: the next request begins anew.
 * Safe for use by many threads.
 */
public final class IdempotentRuns {
  private static final int MAX_NAMES = 10_000;
  private static final int MAX_KEY_CHARS = 256;

  private final Runs runs;
  private final Map<Name, Entry> entries = new LinkedHashMap<>();

  /**
   * @param runs where the runs are kept
   */
  public IdempotentRuns(Runs runs) {
    this.runs = runs;
  }

  private record Name(String tenant, String key) {}

  /** What a key stands for; guarded by its lock. */
  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] digest = new byte[0];
    private @Nullable Run run;
  }

  /** Begins a run. */
  @FunctionalInterface
  public interface Start {
    /** Begins it. */
    Run start() throws ApiException;
  }

  /**
   * The run of a key, begun where there is none.
   *
   * @param key what the client calls its request
   * @param digest of what it asks
   * @throws ApiException 400 where the key stands for another request, or what the start throws
   */
  public Run once(String tenant, String key, byte[] digest, Start start) throws ApiException {
    if (key.isEmpty() || key.length() > MAX_KEY_CHARS) {
      throw new ApiException(
          ApiError.invalidRequest(
              400,
              "invalid_idempotency_key",
              "An Idempotency-Key has 1 to %d characters.".formatted(MAX_KEY_CHARS)));
    }
    Entry entry = entry(new Name(tenant, key));
    entry.lock.lock();
    try {
      Run known = entry.run;
      if (known == null || !stands(known)) {
        known = start.start();
        entry.run = known;
        entry.digest = digest.clone();
      } else if (!MessageDigest.isEqual(entry.digest, digest)) {
        throw new ApiException(
            ApiError.invalidRequest(
                400,
                "idempotency_key_reused",
                "This Idempotency-Key came with another request; a new request needs a new key."));
      }
      return known;
    } finally {
      entry.lock.unlock();
    }
  }

  private boolean stands(Run run) {
    return runs.knows(run)
        && switch (run.status()) {
          case RUNNING, COMPLETED -> true;
          case FAILED, CANCELLED -> false;
        };
  }

  private Entry entry(Name name) {
    synchronized (entries) {
      Entry known = entries.get(name);
      if (known != null) {
        return known;
      }
      if (entries.size() >= MAX_NAMES) {
        entries
            .values()
            .removeIf(entry -> !entry.lock.isLocked() && (entry.run == null || !stands(entry.run)));
      }
      if (entries.size() >= MAX_NAMES) {
        entries.remove(entries.keySet().iterator().next());
      }
      Entry entry = new Entry();
      entries.put(name, entry);
      return entry;
    }
  }
}

package io.yuntai.ledger.keys;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of keys in memory, so that a request doesn't wait for the database.
 *
 * <p>Revocations in other processes are noticed by asking for changes above the last number seen,
 * at most once per {@code maxAge} and only when a key is asked for: idle costs nothing, and a row
 * is never used later than {@code maxAge} after its being current was certain. Numbers are handed
 * out under a row lock until commit, so asking never skips one that commits late. Where keys are
 * asked for all the time, that is done half of {@code maxAge} ahead and beside the requests: one in
 * twenty-five would wait for the database at 100 requests a second.
 */
final class KeyCache {
  private static final Logger LOG = LoggerFactory.getLogger(KeyCache.class);

  private final KeyStore store;
  private final int maxKeys;
  private final long maxAgeNanos;
  private final Map<String, StoredKey> rows = new ConcurrentHashMap<>();
  private final ReentrantLock refreshing = new ReentrantLock();
  private final AtomicBoolean refreshingAhead = new AtomicBoolean();

  private volatile long lastNumber;

  /** When a look at the database that found no change began, {@link System#nanoTime}. */
  private volatile long currentAtNanos;

  KeyCache(KeyStore store, int maxKeys, Duration maxAge) {
    this.store = store;
    this.maxKeys = maxKeys;
    this.maxAgeNanos = maxAge.toNanos();
    this.currentAtNanos = System.nanoTime() - maxAgeNanos - 1;
  }

  /** The row of a key, at most {@code maxAge} old. */
  Optional<StoredKey> find(String id) {
    if (isOlderThan(maxAgeNanos)) {
      refreshIfOlderThan(maxAgeNanos);
    } else if (isOlderThan(maxAgeNanos / 2) && refreshingAhead.compareAndSet(false, true)) {
      Thread.ofVirtual().name("key-cache").start(this::refreshAhead);
    }
    StoredKey cached = rows.get(id);
    return cached != null ? Optional.of(cached) : load(id);
  }

  /** Notices what has been committed before this call. */
  void refreshNow() {
    refreshing.lock();
    try {
      refresh();
    } finally {
      refreshing.unlock();
    }
  }

  private boolean isOlderThan(long nanos) {
    return System.nanoTime() - currentAtNanos > nanos;
  }

  private void refreshIfOlderThan(long nanos) {
    refreshing.lock();
    try {
      if (isOlderThan(nanos)) {
        refresh();
      }
    } finally {
      refreshing.unlock();
    }
  }

  private void refreshAhead() {
    try {
      refreshIfOlderThan(maxAgeNanos / 2);
    } catch (RuntimeException e) {
      LOG.debug("keys are not looked at ahead of time; the next request will say why", e);
    } finally {
      refreshingAhead.set(false);
    }
  }

  private void refresh() {
    long began = System.nanoTime();
    KeyStore.Changes changes = store.changesSince(lastNumber);
    lastNumber = changes.lastNumber();
    if (changes.ids().size() > KeyStore.MAX_CHANGES) {
      rows.clear();
    } else {
      changes.ids().forEach(rows::remove);
    }
    currentAtNanos = began;
  }

  private Optional<StoredKey> load(String id) {
    long numberBefore = lastNumber;
    @Nullable StoredKey row = store.find(id).orElse(null);
    if (row == null) {
      return Optional.empty();
    }
    refreshing.lock();
    try {
      // A change seen meanwhile may be of this very row, read before it: then it isn't kept.
      if (numberBefore == lastNumber) {
        if (rows.size() >= maxKeys) {
          rows.remove(rows.keySet().iterator().next());
        }
        rows.put(id, row);
      }
    } finally {
      refreshing.unlock();
    }
    return Optional.of(row);
  }
}

package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.Freshness;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of keys in memory, so that a request doesn't wait for the database.
 *
 * <p>Revocations in other processes are noticed by asking for changes above the last number seen,
 * at most once per {@code maxAge} and only when a key is asked for: idle costs nothing, and a row
 * is never used later than {@code maxAge} after its being current was certain. Numbers are handed
 * out under a row lock until commit, so asking never skips one that commits late. Where keys are
 * asked for all the time, that is done a fifth of {@code maxAge} ahead and beside the requests: one
 * in twenty-five would wait for the database at 100 requests a second.
 */
final class KeyCache {
  private final KeyStore store;
  private final int maxKeys;
  private final Map<String, StoredKey> rows = new ConcurrentHashMap<>();
  private final Freshness freshness;
  private volatile long lastNumber;

  KeyCache(KeyStore store, int maxKeys, Duration maxAge) {
    this.store = store;
    this.maxKeys = maxKeys;
    this.freshness = new Freshness("key-cache", maxAge, this::refresh);
  }

  /**
   * The row of a key, at most {@code maxAge} old. While the database does not answer, a row may be
   * older whose organisation goes on without it.
   */
  Optional<StoredKey> find(String id) {
    StoredKey known = rows.get(id);
    if (known != null && known.failOpen()) {
      freshness.ensureUnlessAway();
    } else {
      freshness.ensure();
    }
    StoredKey cached = rows.get(id);
    return cached != null ? Optional.of(cached) : freshness.read(() -> load(id));
  }

  /** Notices what has been committed before this call. */
  void refreshNow() {
    freshness.now();
  }

  private void refresh() {
    KeyStore.Changes changes = store.changesSince(lastNumber);
    lastNumber = changes.lastNumber();
    if (changes.ids().size() > KeyStore.MAX_CHANGES) {
      rows.clear();
    } else {
      changes.ids().forEach(rows::remove);
    }
  }

  private Optional<StoredKey> load(String id) {
    long numberBefore = lastNumber;
    @Nullable StoredKey row = store.find(id).orElse(null);
    if (row == null) {
      return Optional.empty();
    }
    freshness.underLock(() -> {
      // A change seen meanwhile may be of this very row, read before it: then it isn't kept.
      if (numberBefore == lastNumber) {
        if (rows.size() >= maxKeys) {
          rows.remove(rows.keySet().iterator().next());
        }
        rows.put(id, row);
      }
    });
    return Optional.of(row);
  }
}

package io.yuntai.ledger.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When keys were last used, gathered in memory and written about once a minute by a thread of its
 * own, so that no request waits for it. Losing the last minute in a crash is accepted.
 */
final class KeyUses {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);
  private static final Duration WRITE_EVERY = Duration.ofMinutes(1);

  private final KeyStore store;
  private final int maxKeys;
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> lastWrite;

  KeyUses(KeyStore store, int maxKeys, Instant now) {
    this.store = store;
    this.maxKeys = maxKeys;
    this.lastWrite = new AtomicReference<>(now);
  }

  void used(String id, Instant now) {
    if (uses.size() < maxKeys || uses.containsKey(id)) {
      uses.put(id, now);
    }
    Instant last = lastWrite.get();
    if (Duration.between(last, now).compareTo(WRITE_EVERY) >= 0
        && lastWrite.compareAndSet(last, now)) {
      Thread.ofVirtual().name("key-uses").start(this::write);
    }
  }

  /** Writes what was gathered; what can't be written waits for the next time. */
  void write() {
    Map<String, Instant> batch = new HashMap<>(uses);
    if (batch.isEmpty()) {
      return;
    }
    try {
      store.touch(batch);
      batch.forEach(uses::remove);
    } catch (RuntimeException failure) {
      LOG.warn("When keys were last used can't be written: {}", failure.getMessage());
    }
  }
}

package io.yuntai.ledger.keys;

import java.time.Instant;

/**
 * A key as the database has it.
 *
 * @param key what may be shown
 * @param hmac 32 bytes, what a presented key must hash to
 * @param ownerActive whether its organisation is served, and its person or program still there
 * @param failOpen whether its organisation is served while the database does not answer
 */
record StoredKey(ApiKey key, byte[] hmac, boolean ownerActive, boolean failOpen) {
  boolean isUsableAt(Instant now) {
    Instant expires = key.expires();
    return ownerActive && key.revoked() == null && (expires == null || now.isBefore(expires));
  }
}

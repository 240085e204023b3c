package io.yuntai.ledger.keys;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The API keys of a database. Safe for use by many threads. */
public final class ApiKeys implements AutoCloseable {
  /** A key is refused everywhere at the latest this long after {@link #revoke} has returned. */
  public static final Duration REVOCATION_BOUND = Duration.ofMillis(250);

  /** With the system's clock and randomness. */
  public ApiKeys(DataSource database, Pepper pepper) {
    this(database, pepper, new SecureRandom(), InstantSource.system());
  }

  /**
   * Keys in this database.
   *
   * @throws io.yuntai.ledger.database.DatabaseException when the database's keys were made with
   *     another pepper
   */
  public ApiKeys(DataSource database, Pepper pepper, SecureRandom random, InstantSource clock) {}

  /**
   * Makes a key.
   *
   * @param name 1 to 128 printable characters
   * @param expires from when on it is refused, null for never
   * @throws IllegalArgumentException with a sentence for the user when the name or the expiry is
   *     not acceptable
   */
  public CreatedKey create(String name, @Nullable Instant expires) {
    throw new UnsupportedOperationException("not written yet " + name + expires);
  }

  /** All keys, the oldest first, revoked and expired ones too. */
  public List<ApiKey> list() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Revokes a key for ever. Revoking again changes nothing.
   *
   * @return whether there is such a key; it is revoked then
   */
  public boolean revoke(String id) {
    throw new UnsupportedOperationException("not written yet " + id);
  }

  /**
   * Whose key this is; empty when it is malformed, unknown, wrong, expired or revoked (a caller
   * can't tell which).
   *
   * @param presented what a client sent, of any length
   * @throws io.yuntai.ledger.database.DatabaseException when the database can't be asked
   */
  public Optional<ApiKey> authenticate(String presented) {
    throw new UnsupportedOperationException("not written yet " + presented);
  }

  /** Writes down when keys were last used. Leaves the database open. */
  @Override
  public void close() {}
}

package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.DatabaseException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of a database. Safe for use by many threads.
 *
 * <p>A key has 256 random bits, so one HMAC-SHA-256 is all the hashing it needs: there is nothing
 * to guess that a slow hash would slow down.
 */
public final class ApiKeys implements AutoCloseable {
  /**
   * A request that begins this long after {@link #revoke} has returned in any process is refused in
   * every process. In the process that revoked, the next request already is.
   */
  public static final Duration REVOCATION_BOUND = Duration.ofMillis(250);

  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_CACHED_KEYS = 10_000;
  private static final Instant LATEST_EXPIRY = Instant.parse("9999-12-31T23:59:59Z");

  private final KeyStore store;
  private final KeyCache cache;
  private final KeyUses uses;
  private final Pepper pepper;
  private final SecureRandom random;
  private final InstantSource clock;

  /** Compared with when there is no such key, so that both ways do the same work. */
  private final byte[] nobodysHmac;

  /** With the system's clock and randomness. */
  public ApiKeys(DataSource database, Pepper pepper) {
    this(database, pepper, new SecureRandom(), InstantSource.system());
  }

  /**
   * Keys in this database.
   *
   * @throws DatabaseException when the database's keys were made with another pepper
   */
  public ApiKeys(DataSource database, Pepper pepper, SecureRandom random, InstantSource clock) {
    this.store = new KeyStore(database);
    this.cache = new KeyCache(store, MAX_CACHED_KEYS, REVOCATION_BOUND);
    this.uses = new KeyUses(store, MAX_CACHED_KEYS, clock.instant());
    this.pepper = pepper;
    this.random = random;
    this.clock = clock;
    this.nobodysHmac = pepper.hmac("nobody");
    byte[] fingerprint = pepper.hmac("fingerprint");
    if (!MessageDigest.isEqual(fingerprint, store.fingerprint(fingerprint))) {
      throw new DatabaseException(
          "The API keys in the database were made with another pepper than the file keys/pepper in"
              + " this home: restore that file, or use the home in which the keys were made.");
    }
  }

  /**
   * Makes a key.
   *
   * @param name 1 to 128 printable characters
   * @param expires from when on it is refused, null for never
   * @throws IllegalArgumentException with a sentence for the user when the name or the expiry is
   *     not acceptable
   * @throws DatabaseException when the database can't be asked
   */
  public CreatedKey create(String name, @Nullable Instant expires) {
    checkName(name);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // PostgreSQL's precision
    if (expires != null && (!expires.isAfter(now) || expires.isAfter(LATEST_EXPIRY))) {
      throw new IllegalArgumentException(
          "The expiry " + expires + " is not between now and the year 9999: give a later time.");
    }
    KeyText text = KeyText.random(random);
    ApiKey key = new ApiKey(text.id(), name, KeyText.prefix(text.id()), now, expires, null, null);
    store.insert(key, pepper.hmac(text.text()));
    return new CreatedKey(text.id(), name, text.text());
  }

  private static void checkName(String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1 || length > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "A key's name has 1 to " + MAX_NAME_LENGTH + " characters; this one has " + length + ".");
    }
    if (name.isBlank() || !name.codePoints().allMatch(ApiKeys::isPrintable)) {
      throw new IllegalArgumentException(
          "A key's name has printable characters only, and not just spaces: choose another name.");
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /**
   * All keys, the oldest first, revoked and expired ones too.
   *
   * @throws DatabaseException when the database can't be asked
   */
  public List<ApiKey> list() {
    return store.list();
  }

  /**
   * Revokes a key for ever. Revoking again changes nothing.
   *
   * @return whether there is such a key; it is revoked then
   * @throws DatabaseException when the database can't be asked
   */
  public boolean revoke(String id) {
    // PostgreSQL's text can't hold a zero character; nor does any id.
    boolean exists = id.indexOf('\0') < 0 && store.revoke(id, clock.instant());
    cache.refreshNow();
    return exists;
  }

  /**
   * Whose key this is; empty when it is malformed, unknown, wrong, expired or revoked (a caller
   * can't tell which).
   *
   * @param presented what a client sent, of any length
   * @throws DatabaseException when the database can't be asked
   */
  public Optional<ApiKey> authenticate(String presented) {
    KeyText text = KeyText.parse(presented).orElse(null);
    if (text == null) {
      return Optional.empty();
    }
    byte[] hmac = pepper.hmac(text.text());
    StoredKey stored = cache.find(text.id()).orElse(null);
    boolean matches = MessageDigest.isEqual(stored == null ? nobodysHmac : stored.hmac(), hmac);
    Instant now = clock.instant();
    if (stored == null || !matches || !stored.isUsableAt(now)) {
      return Optional.empty();
    }
    uses.used(text.id(), now);
    return Optional.of(stored.key());
  }

  /** Writes down when keys were last used. Leaves the database open. */
  @Override
  public void close() {
    uses.write();
  }
}

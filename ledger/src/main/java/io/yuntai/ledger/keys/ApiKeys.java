package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Texts;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
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

  private static final Duration MAX_OVERLAP = Duration.ofDays(90);

  private final Transactions database;
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
    this(new Transactions(database), pepper);
  }

  /** The same, whose changes can be part of larger transactions. */
  public ApiKeys(Transactions database, Pepper pepper) {
    this(database, pepper, new SecureRandom(), InstantSource.system());
  }

  /**
   * Keys in this database.
   *
   * @throws DatabaseException when the database's keys were made with another pepper
   */
  public ApiKeys(Transactions database, Pepper pepper, SecureRandom random, InstantSource clock) {
    this.database = database;
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
   * Makes a key of this server's own tenant.
   *
   * @param name 1 to 128 printable characters
   * @param expires from when on it is refused, null for never
   * @throws RefusedException when the name or the expiry is not acceptable
   * @throws DatabaseException when the database can't be asked
   */
  public CreatedKey create(String name, @Nullable Instant expires) {
    return create(new Actor("operator", "local"), NewKey.of(name, expires));
  }

  /**
   * Makes a key.
   *
   * @throws RefusedException when a value is not acceptable
   * @throws DatabaseException when the database can't be asked
   */
  public CreatedKey create(Actor actor, NewKey wanted) {
    Set<Scope> scopes = wanted.scopes().orElseGet(() -> Scope.defaults(wanted.orgId()));
    check(wanted.name(), wanted.orgId(), scopes, wanted.models(), wanted.networks());
    Instant now = now();
    checkExpiry(wanted.expires(), now);
    KeyText text = KeyText.random(random);
    return database.runFor(
        wanted.orgId(),
        connection ->
            insert(connection, actor, "key.create", wanted, scopes, text, Optional.empty()));
  }

  private CreatedKey insert(
      Connection connection,
      Actor actor,
      String action,
      NewKey key,
      Set<Scope> scopes,
      KeyText text,
      Optional<String> root)
      throws SQLException {
    KeyStore.insert(connection, text.id(), key, scopes, now(), pepper.hmac(text.text()), root);
    ApiKey made = KeyStore.find(connection, key.orgId(), text.id(), false).orElseThrow();
    AuditLog.write(connection, key.orgId(), actor, action, target(text.id()), null, made);
    return new CreatedKey(text.id(), key.name(), text.text());
  }

  private static String target(String id) {
    return "key:" + id;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // PostgreSQL's precision
  }

  private static void check(
      String name,
      long orgId,
      Set<Scope> scopes,
      List<ModelPattern> models,
      List<Network> networks) {
    int length = name.codePointCount(0, name.length());
    if (length < 1 || length > MAX_NAME_LENGTH) {
      throw RefusedException.invalid(
          "name",
          "A key's name has 1 to " + MAX_NAME_LENGTH + " characters; this one has " + length + ".");
    }
    if (name.isBlank() || !name.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          "name",
          "A key's name has printable characters only, and not just spaces: choose another name.");
    }
    if (scopes.isEmpty()) {
      throw RefusedException.invalid("scopes", "A key without scopes opens nothing: name one.");
    }
    if (orgId != Organisation.DEFAULT_ID
        && (scopes.contains(Scope.METRICS) || scopes.contains(Scope.OPERATOR))) {
      throw RefusedException.invalid(
          "scopes", "The scopes metrics and operator are for keys of the tenant 'default' only.");
    }
    if (models.size() > NewKey.MAX_ENTRIES) {
      throw RefusedException.invalid(
          "models", "A key has at most %d models.".formatted(NewKey.MAX_ENTRIES));
    }
    if (networks.size() > NewKey.MAX_ENTRIES) {
      throw RefusedException.invalid(
          "ip_ranges", "A key has at most %d IP ranges.".formatted(NewKey.MAX_ENTRIES));
    }
  }

  private static void checkExpiry(@Nullable Instant expires, Instant now) {
    if (expires != null && (!expires.isAfter(now) || expires.isAfter(LATEST_EXPIRY))) {
      throw RefusedException.invalid(
          "expires",
          "The expiry " + expires + " is not between now and the year 9999: give a later time.");
    }
  }

  /**
   * Changes a key; other processes notice within {@link #REVOCATION_BOUND}.
   *
   * @throws RefusedException when there is none, it is revoked, or a value is not acceptable
   * @throws DatabaseException when the database can't be asked
   */
  public ApiKey change(
      Actor actor, long orgId, String id, KeyChange change, ExpectedVersion expected) {
    return update(
        actor,
        "key.change",
        orgId,
        id,
        expected,
        before -> {
          if (before.revoked() != null) {
            throw new RefusedException(
                Reason.CONFLICT, "", "The key '%s' is revoked: make another.".formatted(id));
          }
          ApiKey after = changed(before, change);
          check(
              after.name(),
              orgId,
              after.limits().scopes(),
              after.limits().models(),
              after.limits().networks());
          if (change.expiry() != null) {
            checkExpiry(after.expires(), now());
          }
          return after;
        });
  }

  private static ApiKey changed(ApiKey key, KeyChange change) {
    KeyLimits limits = key.limits();
    KeyChange.Expiry expiry = change.expiry();
    return new ApiKey(
        key.id(),
        key.rowId(),
        key.rootId(),
        Objects.requireNonNullElse(change.name(), key.name()),
        key.prefix(),
        key.owner(),
        new KeyLimits(
            Objects.requireNonNullElse(change.scopes(), limits.scopes()),
            Objects.requireNonNullElse(change.models(), limits.models()),
            Objects.requireNonNullElse(change.networks(), limits.networks())),
        key.created(),
        expiry == null ? key.expires() : expiry.at(),
        key.revoked(),
        key.lastUsed(),
        key.version() + 1);
  }

  private ApiKey update(
      Actor actor,
      String action,
      long orgId,
      String id,
      ExpectedVersion expected,
      UnaryOperator<ApiKey> change) {
    ApiKey done =
        database.runFor(
            orgId,
            connection -> {
              ApiKey before =
                  KeyStore.find(connection, orgId, known(id), true)
                      .orElseThrow(() -> RefusedException.notFound("key", id));
              expected.check(before.version());
              ApiKey after = change.apply(before);
              if (!after.equals(before)) {
                KeyStore.update(connection, after);
                AuditLog.write(connection, orgId, actor, action, target(id), before, after);
              }
              return after;
            });
    database.afterCommit(cache::refreshNow);
    return done;
  }

  /** The id where it may be one; PostgreSQL's text can't hold every text that somebody sends. */
  private static String known(String id) {
    return KeyText.isId(id) ? id : "";
  }

  /**
   * Makes another key in the place of one: with the same owner, limits and budgets. The old one
   * works on for a while, so that it can be replaced wherever it is used.
   *
   * @param overlap for how long both work
   * @throws RefusedException when there is none, or it doesn't work any more
   * @throws DatabaseException when the database can't be asked
   */
  public CreatedKey rotate(Actor actor, long orgId, String id, Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
      throw RefusedException.invalid(
          "overlap", "The overlap is 0 to %d days.".formatted(MAX_OVERLAP.toDays()));
    }
    KeyText text = KeyText.random(random);
    CreatedKey made =
        database.runFor(
            orgId,
            connection -> {
              ApiKey old =
                  KeyStore.find(connection, orgId, known(id), true)
                      .orElseThrow(() -> RefusedException.notFound("key", id));
              Instant now = now();
              Instant expires = old.expires();
              if (old.revoked() != null || (expires != null && !expires.isAfter(now))) {
                throw new RefusedException(
                    Reason.CONFLICT,
                    "",
                    "The key '%s' does not work any more: make a new one.".formatted(id));
              }
              long account = KeyStore.serviceAccountId(connection, old);
              CreatedKey key =
                  insert(
                      connection,
                      actor,
                      "key.rotate",
                      successor(old, account),
                      old.limits().scopes(),
                      text,
                      Optional.of(old.rootId()));
              Instant end = now.plus(overlap);
              Instant ends = expires != null && expires.isBefore(end) ? expires : end;
              ApiKey ending =
                  changed(old, new KeyChange(null, null, null, null, new KeyChange.Expiry(ends)));
              KeyStore.update(connection, ending);
              AuditLog.write(connection, orgId, actor, "key.change", target(id), old, ending);
              return key;
            });
    database.afterCommit(cache::refreshNow);
    return made;
  }

  private static NewKey successor(ApiKey old, long serviceAccountId) {
    return new NewKey(
        old.name(),
        old.owner().orgId(),
        old.owner().projectId(),
        old.owner().userId(),
        serviceAccountId,
        Optional.empty(),
        old.limits().models(),
        old.limits().networks(),
        old.expires());
  }

  /**
   * All keys of all tenants, the oldest first, revoked and expired ones too.
   *
   * @throws DatabaseException when the database can't be asked
   */
  public List<ApiKey> list() {
    return store.list();
  }

  /**
   * Keys of a tenant, the newest first, revoked and expired ones too.
   *
   * @throws DatabaseException when the database can't be asked
   */
  public Page<ApiKey> list(long orgId, PageRequest page) {
    return page.cut(store.list(orgId, page), key -> Long.toString(key.rowId()));
  }

  /**
   * A key of a tenant.
   *
   * @throws RefusedException when the tenant has none of this id
   * @throws DatabaseException when the database can't be asked
   */
  public ApiKey find(long orgId, String id) {
    return database
        .runFor(orgId, connection -> KeyStore.find(connection, orgId, known(id), false))
        .orElseThrow(() -> RefusedException.notFound("key", id));
  }

  /** A key of any tenant; empty for none. */
  public Optional<ApiKey> find(String id) {
    return store.find(known(id)).map(StoredKey::key);
  }

  /**
   * The newest key of a family that works now, for what goes on when its request is over; empty
   * where none does.
   *
   * @param rootId the id of the family's first key
   * @throws DatabaseException when the database can't be asked
   */
  public Optional<ApiKey> working(String rootId) {
    Instant now = clock.instant();
    return store.family(known(rootId)).stream()
        .filter(key -> key.isUsableAt(now))
        .map(StoredKey::key)
        .findFirst();
  }

  /**
   * Revokes a key of any tenant for ever. Revoking again changes nothing.
   *
   * @return whether there is such a key; it is revoked then
   * @throws DatabaseException when the database can't be asked
   */
  public boolean revoke(String id) {
    Optional<ApiKey> key = find(id);
    key.ifPresent(known ->
        revoke(new Actor("operator", "local"), known.owner().orgId(), id, ExpectedVersion.ANY));
    return key.isPresent();
  }

  /**
   * Revokes a key for ever. Revoking again changes nothing.
   *
   * @throws RefusedException when the tenant has none of this id
   * @throws DatabaseException when the database can't be asked
   */
  public ApiKey revoke(Actor actor, long orgId, String id, ExpectedVersion expected) {
    return update(
        actor,
        "key.revoke",
        orgId,
        id,
        expected,
        before ->
            before.revoked() != null
                ? before
                : new ApiKey(
                    id,
                    before.rowId(),
                    before.rootId(),
                    before.name(),
                    before.prefix(),
                    before.owner(),
                    before.limits(),
                    before.created(),
                    before.expires(),
                    now(),
                    before.lastUsed(),
                    before.version() + 1));
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

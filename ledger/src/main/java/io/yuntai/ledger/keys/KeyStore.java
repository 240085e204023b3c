package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements on the keys' tables. */
final class KeyStore {
  /** One more change than this between two looks, and everything is taken as changed. */
  static final int MAX_CHANGES = 1000;

  private static final String SELECT =
      """
      select k.id, k.public_id, coalesce(r.public_id, k.public_id) as root, k.name, k.hmac,
        k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.version,
        k.scopes, k.models, k.networks, k.org_id, o.name as org, k.project_id, p.name as project,
        coalesce(k.user_id, 0) as user_id, coalesce(u.email, '') as email,
        coalesce(s.name, '') as account, coalesce(m.role, s.role, 'admin') as role,
        o.status = 'suspended' as suspended, o.on_disconnect = 'continue' as answers_go_on,
        o.status <> 'deleted' and m.removed_at is null and s.deleted_at is null as active,
        o.fail_mode = 'open' as fail_open
      from api_key k
        join org o on o.id = k.org_id
        join project p on p.org_id = k.org_id and p.id = k.project_id
        left join api_key r on r.org_id = k.org_id and r.id = k.root_id
        left join membership m on m.org_id = k.org_id and m.user_id = k.user_id
        left join app_user u on u.id = m.user_id
        left join service_account s on s.org_id = k.org_id and s.id = k.service_account_id
      """;

  private final Transactions database;

  KeyStore(Transactions database) {
    this.database = database;
  }

  /**
   * Changes since a number.
   *
   * @param lastNumber the newest change's number, the given one when there is none
   * @param ids the keys that changed, at most {@link #MAX_CHANGES} + 1
   */
  record Changes(long lastNumber, List<String> ids) {}

  /** Remembers the pepper's fingerprint at the first call; returns the remembered one. */
  byte[] fingerprint(byte[] ours) {
    return database.run(connection -> {
      Optional<byte[]> stored = fingerprint(connection);
      if (stored.isPresent()) {
        return stored.get();
      }
      Rows.change(
          connection,
          "insert into api_key_pepper (fingerprint) values (?) on conflict do nothing",
          ours);
      return fingerprint(connection).orElseThrow();
    });
  }

  private static Optional<byte[]> fingerprint(Connection connection) throws SQLException {
    return Rows.first(
        connection, "select fingerprint from api_key_pepper", row -> row.getBytes("fingerprint"));
  }

  /**
   * Writes a key.
   *
   * @param root of which key it is a rotation; empty for none
   */
  static void insert(
      Connection connection,
      String id,
      NewKey key,
      Set<Scope> scopes,
      Instant now,
      byte[] hmac,
      Optional<String> root)
      throws SQLException {
    Rows.change(
        connection,
        "insert into api_key (public_id, name, created_at, expires_at, hmac, org_id, project_id,"
            + " user_id, service_account_id, scopes, models, networks, root_id)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::cidr[],"
            + " (select id from api_key where org_id = ? and public_id = ?))",
        id,
        key.name(),
        now,
        key.expires(),
        hmac,
        key.orgId(),
        key.projectId(),
        key.userId() == 0 ? null : key.userId(),
        key.serviceAccountId() == 0 ? null : key.serviceAccountId(),
        labels(scopes),
        textsOrNull(key.models().stream().map(ModelPattern::text).toList()),
        textsOrNull(key.networks().stream().map(Network::toString).toList()),
        key.orgId(),
        root.orElse(""));
  }

  private static List<String> labels(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::label).toList();
  }

  private static @Nullable List<String> textsOrNull(List<String> texts) {
    return texts.isEmpty() ? null : texts;
  }

  /** All keys of all organisations, the oldest first. */
  List<ApiKey> list() {
    return database.run(
        connection -> Rows.list(connection, SELECT + " order by k.id", row -> read(row).key()));
  }

  /** Some keys of an organisation, the newest first. */
  List<ApiKey> list(long orgId, PageRequest page) {
    return database.runFor(
        orgId,
        connection ->
            Rows.list(
                connection,
                SELECT + " where k.org_id = ? and k.id < ? order by k.id desc limit ?",
                row -> read(row).key(),
                orgId,
                page.beforeId(),
                page.limit() + 1));
  }

  Optional<StoredKey> find(String id) {
    return database.run(connection ->
        Rows.first(connection, SELECT + " where k.public_id = ?", KeyStore::read, id));
  }

  /** The keys that were rotated from one, and itself, the newest first. */
  List<StoredKey> family(String rootId) {
    return database.run(connection ->
        Rows.list(
            connection,
            SELECT + " where coalesce(r.public_id, k.public_id) = ? order by k.id desc limit 1000",
            KeyStore::read,
            rootId));
  }

  /** A key of an organisation, locked where it is to be changed. */
  static Optional<ApiKey> find(Connection connection, long orgId, String id, boolean lock)
      throws SQLException {
    if (lock) {
      // The number is always taken before rows of keys.
      Rows.call(connection, "select 1 from api_key_change for update");
    }
    return Rows.first(
        connection,
        SELECT + " where k.org_id = ? and k.public_id = ?" + (lock ? " for update of k" : ""),
        row -> read(row).key(),
        orgId,
        id);
  }

  /** The row of a key's service account; null for none. */
  static long serviceAccountId(Connection connection, ApiKey key) throws SQLException {
    return Rows.first(
            connection,
            "select coalesce(service_account_id, 0) from api_key where org_id = ? and id = ?",
            row -> row.getLong(1),
            key.owner().orgId(),
            key.rowId())
        .orElseThrow();
  }

  /** Writes what of a key may change, and numbers the change in the same transaction. */
  static void update(Connection connection, ApiKey key) throws SQLException {
    Rows.change(
        connection,
        """
        with change as (
          update api_key_change set last_number = last_number + 1 returning last_number)
        update api_key set name = ?, scopes = ?, models = ?, networks = ?::cidr[], expires_at = ?,
          revoked_at = ?, version = ?, change_number = change.last_number
        from change where org_id = ? and id = ?\
        """,
        key.name(),
        labels(key.limits().scopes()),
        textsOrNull(key.limits().models().stream().map(ModelPattern::text).toList()),
        textsOrNull(key.limits().networks().stream().map(Network::toString).toList()),
        key.expires(),
        key.revoked(),
        key.version(),
        key.owner().orgId(),
        key.rowId());
  }

  Changes changesSince(long number) {
    return database.look(connection -> {
      record Change(String id, long number) {}
      List<Change> changes =
          Rows.list(
              connection,
              "select public_id, change_number from api_key where change_number > ?"
                  + " order by change_number limit ?",
              row -> new Change(row.getString(1), row.getLong(2)),
              number,
              MAX_CHANGES + 1);
      long last = changes.isEmpty() ? number : changes.getLast().number();
      return new Changes(last, changes.stream().map(Change::id).toList());
    });
  }

  /** Writes when keys were last used; never sets a time back. */
  void touch(Map<String, Instant> uses) {
    List<String> ids = new ArrayList<>();
    List<String> times = new ArrayList<>();
    uses.forEach((id, at) -> {
      ids.add(id);
      times.add(at.toString());
    });
    database.run(connection ->
        Rows.change(
            connection,
            """
            update api_key set last_used_at = u.at
            from unnest(?::text[], ?::timestamptz[]) as u(public_id, at)
            where api_key.public_id = u.public_id
              and (last_used_at is null or last_used_at < u.at)\
            """,
            ids,
            times));
  }

  private static StoredKey read(ResultSet row) throws SQLException {
    String id = row.getString("public_id");
    ApiKey key =
        new ApiKey(
            id,
            row.getLong("id"),
            row.getString("root"),
            row.getString("name"),
            KeyText.prefix(id),
            owner(row),
            limits(row),
            Rows.time(row, "created_at"),
            Rows.instant(row, "expires_at"),
            Rows.instant(row, "revoked_at"),
            Rows.instant(row, "last_used_at"),
            row.getLong("version"));
    return new StoredKey(
        key, row.getBytes("hmac"), row.getBoolean("active"), row.getBoolean("fail_open"));
  }

  private static KeyOwner owner(ResultSet row) throws SQLException {
    return new KeyOwner(
        row.getLong("org_id"),
        row.getString("org"),
        row.getLong("project_id"),
        row.getString("project"),
        row.getLong("user_id"),
        row.getString("email"),
        row.getString("account"),
        Role.of(row.getString("role")),
        row.getBoolean("suspended"),
        row.getBoolean("answers_go_on"));
  }

  private static KeyLimits limits(ResultSet row) throws SQLException {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String label : Rows.textsOrNone(row, "scopes")) {
      scopes.add(Scope.of(label));
    }
    return new KeyLimits(
        scopes,
        Rows.textsOrNone(row, "models").stream().map(ModelPattern::new).toList(),
        Rows.textsOrNone(row, "networks").stream().map(Network::parse).toList());
  }
}

package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The statements on the keys' tables. */
final class KeyStore {
  /** One more change than this between two looks, and everything is taken as changed. */
  static final int MAX_CHANGES = 1000;

  private static final String COLUMNS =
      "public_id, name, created_at, expires_at, revoked_at, last_used_at, hmac";

  private final DataSource database;

  KeyStore(DataSource database) {
    this.database = database;
  }

  /**
   * Changes since a number.
   *
   * @param lastNumber the newest change's number, the given one when there is none
   * @param ids the keys that changed, at most {@link #MAX_CHANGES} + 1
   */
  record Changes(long lastNumber, List<String> ids) {}

  /** A step on a connection. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Remembers the pepper's fingerprint at the first call; returns the remembered one. */
  byte[] fingerprint(byte[] ours) {
    return run(connection -> {
      try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into api_key_pepper (fingerprint) values (?) on conflict do nothing");
          PreparedStatement select =
              connection.prepareStatement("select fingerprint from api_key_pepper")) {
        try (ResultSet row = select.executeQuery()) {
          if (row.next()) {
            return row.getBytes(1);
          }
        }
        insert.setBytes(1, ours);
        insert.executeUpdate();
        try (ResultSet row = select.executeQuery()) {
          row.next();
          return row.getBytes(1);
        }
      }
    });
  }

  void insert(ApiKey key, byte[] hmac) {
    run(connection -> {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into api_key (public_id, name, created_at, expires_at, hmac)"
                  + " values (?, ?, ?, ?, ?)")) {
        insert.setString(1, key.id());
        insert.setString(2, key.name());
        insert.setObject(3, key.created().atOffset(ZoneOffset.UTC));
        Instant expires = key.expires();
        insert.setObject(4, expires == null ? null : expires.atOffset(ZoneOffset.UTC));
        insert.setBytes(5, hmac);
        return insert.executeUpdate();
      }
    });
  }

  List<ApiKey> list() {
    return run(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("select " + COLUMNS + " from api_key order by id");
          ResultSet row = select.executeQuery()) {
        List<ApiKey> keys = new ArrayList<>();
        while (row.next()) {
          keys.add(read(row).key());
        }
        return List.copyOf(keys);
      }
    });
  }

  Optional<StoredKey> find(String id) {
    return run(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("select " + COLUMNS + " from api_key where public_id = ?")) {
        select.setString(1, id);
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
      }
    });
  }

  /**
   * Marks a key as revoked, and numbers that change in the same transaction.
   *
   * @return whether there is such a key
   */
  boolean revoke(String id, Instant now) {
    return run(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              """
              with change as (
                update api_key_change set last_number = last_number + 1
                where exists (select 1 from api_key where public_id = ? and revoked_at is null)
                returning last_number)
              update api_key set revoked_at = ?, change_number = change.last_number
              from change where public_id = ? and revoked_at is null\
              """)) {
        update.setString(1, id);
        update.setObject(2, now.atOffset(ZoneOffset.UTC));
        update.setString(3, id);
        if (update.executeUpdate() == 1) {
          return true;
        }
      }
      return find(id).isPresent();
    });
  }

  Changes changesSince(long number) {
    return run(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "select public_id, change_number from api_key where change_number > ?"
                  + " order by change_number limit "
                  + (MAX_CHANGES + 1))) {
        select.setLong(1, number);
        try (ResultSet row = select.executeQuery()) {
          long last = number;
          List<String> ids = new ArrayList<>();
          while (row.next()) {
            ids.add(row.getString(1));
            last = row.getLong(2);
          }
          return new Changes(last, ids);
        }
      }
    });
  }

  /** Writes when keys were last used; never sets a time back. */
  void touch(Map<String, Instant> uses) {
    run(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              """
              update api_key set last_used_at = u.at
              from unnest(?::text[], ?::timestamptz[]) as u(public_id, at)
              where api_key.public_id = u.public_id
                and (last_used_at is null or last_used_at < u.at)\
              """)) {
        List<Map.Entry<String, Instant>> entries = List.copyOf(uses.entrySet());
        Array ids =
            connection.createArrayOf("text", entries.stream().map(Map.Entry::getKey).toArray());
        Array times =
            connection.createArrayOf(
                "timestamptz", entries.stream().map(e -> e.getValue().toString()).toArray());
        update.setArray(1, ids);
        update.setArray(2, times);
        return update.executeUpdate();
      }
    });
  }

  private <T> T run(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException failure) {
      throw new DatabaseException(
          "The database can't be asked about API keys: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static StoredKey read(ResultSet row) throws SQLException {
    String id = row.getString(1);
    Instant created = instant(row, 3);
    if (created == null) {
      throw new SQLException("api_key " + id + " has no created_at");
    }
    ApiKey key =
        new ApiKey(
            id,
            row.getString(2),
            KeyText.prefix(id),
            created,
            instant(row, 4),
            instant(row, 5),
            instant(row, 6));
    return new StoredKey(key, row.getBytes(7));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}

package io.yuntai.ledger.responses;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Responses in the database, for a stated time. Safe for use by many threads. */
public final class DatabaseResponses implements ResponseStore {
  private static final String COLUMNS = "id, tenant, previous_id, created_at, items, output, body";

  /** Each save forgets a few that are over, so that nobody has to come by for it. */
  private static final int FORGOTTEN_EACH_SAVE = 16;

  private final DataSource database;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * @param kept how long a response is kept after its request came
   */
  public DatabaseResponses(DataSource database, Duration kept, InstantSource clock) {
    this.database = database;
    this.kept = kept;
    this.clock = clock;
  }

  /** A step on a connection. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  @Override
  public void save(StoredResponse response) {
    run(connection -> {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into response (id, tenant, previous_id, created_at, expires_at, items, output, body)"
                  + " values (?, ?, ?, ?, ?, ?, ?, ?)"
                  + " on conflict (id) do update set output = excluded.output, body = excluded.body")) {
        insert.setString(1, response.id());
        insert.setString(2, response.tenant());
        insert.setString(3, response.previousId().orElse(null));
        insert.setObject(4, response.created().atOffset(ZoneOffset.UTC));
        insert.setObject(5, response.created().plus(kept).atOffset(ZoneOffset.UTC));
        insert.setString(6, response.items());
        insert.setString(7, response.output());
        insert.setString(8, response.body());
        insert.executeUpdate();
      }
      try (PreparedStatement forget =
          connection.prepareStatement(
              "delete from response where id in"
                  + " (select id from response where expires_at <= ? limit "
                  + FORGOTTEN_EACH_SAVE
                  + ")")) {
        forget.setObject(1, now());
        return forget.executeUpdate();
      }
    });
  }

  @Override
  public Optional<StoredResponse> find(String tenant, String id) {
    return run(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "select "
                  + COLUMNS
                  + " from response where id = ? and tenant = ? and expires_at > ?")) {
        select.setString(1, id);
        select.setString(2, tenant);
        select.setObject(3, now());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
      }
    });
  }

  @Override
  public List<StoredResponse> conversation(String tenant, String id) {
    List<StoredResponse> turns = new ArrayList<>();
    Optional<StoredResponse> turn = find(tenant, id);
    while (turn.isPresent() && turns.size() < MAX_TURNS) {
      turns.add(turn.get());
      turn = turn.get().previousId().flatMap(previous -> find(tenant, previous));
    }
    Collections.reverse(turns);
    return turns;
  }

  @Override
  public boolean delete(String tenant, String id) {
    return run(connection -> {
      try (PreparedStatement delete =
          connection.prepareStatement("delete from response where id = ? and tenant = ?")) {
        delete.setString(1, id);
        delete.setString(2, tenant);
        return delete.executeUpdate() > 0;
      }
    });
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static StoredResponse read(ResultSet row) throws SQLException {
    Instant created = row.getObject(4, OffsetDateTime.class).toInstant();
    return new StoredResponse(
        row.getString(1),
        row.getString(2),
        Optional.ofNullable(row.getString(3)),
        created,
        row.getString(5),
        row.getString(6),
        row.getString(7));
  }

  private <T> T run(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new DatabaseException("The database did not keep or find a response.", e);
    }
  }
}

package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens counters and changes their limits, each as a step of its caller's transaction. Who changes
 * several in one transaction does so in the order of their ids, and before entries of the ledger.
 */
public final class Counters {
  private Counters() {}

  /**
   * What a counter says.
   *
   * @param limit what may be used, as it was last wished
   * @param settled what is used
   * @param leased what gateways may still use without asking
   */
  public record State(long id, long orgId, String unit, long limit, long settled, long leased) {}

  /**
   * A new counter.
   *
   * @param unit {@code money}, {@code tokens}, {@code requests} or {@code parallel}
   * @param wallet whether what is drawn from it is paid with the organisation's credit
   * @param from the window's begin, null for always
   * @param until the window's end, null for never
   * @return its id
   */
  public static long open(
      Connection connection,
      long orgId,
      String unit,
      boolean wallet,
      @Nullable Instant from,
      @Nullable Instant until,
      long limit)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into counter (org_id, unit, is_wallet, win, limit_amt, wanted_limit)"
                + " values (?, ?, ?, tstzrange(?, ?), ?, ?) returning id")) {
      insert.setLong(1, orgId);
      insert.setString(2, unit);
      insert.setBoolean(3, wallet);
      insert.setObject(4, from == null ? null : from.atOffset(ZoneOffset.UTC));
      insert.setObject(5, until == null ? null : until.atOffset(ZoneOffset.UTC));
      insert.setLong(6, limit);
      insert.setLong(7, limit);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /**
   * Sets a limit. Below what is used and leased it becomes just that at once, leases are recalled,
   * and it sinks as they come back.
   */
  public static void limit(Connection connection, long counterId, long limit) throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "update counter set wanted_limit = ?, limit_amt = greatest(?, settled + leased)"
                    + " where id = ? returning limit_amt > wanted_limit");
        PreparedStatement recall =
            connection.prepareStatement(
                "update lease set recalled = true"
                    + " where counter_id = ? and not closed and not recalled")) {
      update.setLong(1, limit);
      update.setLong(2, limit);
      update.setLong(3, counterId);
      try (ResultSet row = update.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException("there is no counter " + counterId);
        }
        if (row.getBoolean(1)) {
          recall.setLong(1, counterId);
          recall.executeUpdate();
        }
      }
    }
  }

  /** What these counters say now, by their ids; those that aren't there are missing. */
  public static List<State> states(Connection connection, Collection<Long> ids)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id, org_id, unit, wanted_limit, settled, leased from counter"
                + " where id = any(?::bigint[]) order by id")) {
      select.setObject(1, ids.stream().mapToLong(Long::longValue).toArray());
      List<State> states = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          states.add(
              new State(
                  row.getLong(1),
                  row.getLong(2),
                  row.getString(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6)));
        }
      }
      return states;
    }
  }
}

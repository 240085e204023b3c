package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Compares what is new between the witnesses: engines' receipts, usage, transfers, counters and
 * leases. Where no engine has ever given a receipt of an organisation's requests, none are
 * expected. A difference is kept in the table {@code recon} from when it is first seen until it is
 * gone, with both amounts.
 */
public final class Reconciliation {
  /** Receipts and usage travel apart, so a request is looked at this long after it began. */
  private static final Duration SETTLING = Duration.ofMinutes(5);

  /** Most new differences of a kind in one run; more of them say no more. */
  private static final int MOST = 1000;

  /** What two witnesses say: rows of org_id, subject, ours, theirs where they differ. */
  private record Comparison(String kind, String sql) {}

  private static final List<Comparison> COMPARISONS =
      List.of(
          new Comparison(
              "usage-and-transfers",
              """
              select x.org_id, 'entry ' || x.seq, coalesce(u.amount, 0), coalesce(t.amount, 0) from ledger_tx x
              left join lateral (
                select sum(amount_nano) as amount from usage_rec where org_id = x.org_id and seq = x.seq) u on true
              left join lateral (
                select sum(amount_nano) as amount from transfer
                where org_id = x.org_id and seq = x.seq and credit = 'revenue') t on true
              where x.kind = 'usage' and x.at > p.since and coalesce(u.amount, 0) <> coalesce(t.amount, 0)\
              """),
          new Comparison(
              "counters-and-leases",
              """
              select k.org_id, 'counter ' || k.id, k.leased, coalesce(l.open, 0) from counter k left join (
                select counter_id, sum(granted - settled - returned) as open from lease where not closed group by counter_id
              ) l on l.counter_id = k.id
              where (k.leased > 0 or l.open > 0) and k.leased <> coalesce(l.open, 0)\
              """),
          new Comparison(
              "usage-and-receipts",
              """
              select u.org_id, 'request ' || u.request_id, u.output::bigint + u.reasoning, coalesce(r.made, 0) from usage_rec u
              left join lateral (
                select sum(output::bigint + reasoning) as made from engine_receipt where request_id = u.request_id) r on true
              where u.request_id >= p.first_id and u.request_id < p.last_id
                and u.output::bigint + u.reasoning > coalesce(r.made, 0)
                and exists (select from engine_receipt e where e.org_id = u.org_id)\
              """),
          new Comparison(
              "receipts-without-usage",
              """
              select r.org_id, 'request ' || r.request_id, 0, sum(r.acknowledged) from engine_receipt r
              where r.request_id >= p.first_id and r.request_id < p.last_id
                and exists (select from org o where o.id = r.org_id)
                and not exists (select from usage_rec u where u.request_id = r.request_id)
              group by r.org_id, r.request_id having sum(r.acknowledged) > 0\
              """));

  private Reconciliation() {}

  /**
   * Compares what came within the last time, and updates the open differences of that time.
   *
   * @param back how far back it looks, longer than five minutes
   * @return how many differences are open now, older ones included
   * @throws DatabaseException when the database can't be used
   */
  public static long run(DataSource database, Duration back) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        for (Comparison comparison : COMPARISONS) {
          compare(connection, comparison, back);
          connection.commit();
        }
        long open = open(connection);
        connection.commit();
        return open;
      } catch (SQLException failure) {
        connection.rollback();
        throw failure;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new DatabaseException(
          "The ledger's witnesses can't be compared: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static void compare(Connection connection, Comparison comparison, Duration back)
      throws SQLException {
    // Bounds as parameters rather than a join, so that only the partitions between them are read.
    String sql =
        comparison
            .sql()
            .replace("p.since", "clock_timestamp() - ? * interval '1 ms'")
            .replace("p.first_id", "?::uuid")
            .replace("p.last_id", "?::uuid");
    boolean byId = comparison.sql().contains("p.first_id");
    boolean byTime = comparison.sql().contains("p.since");
    try (PreparedStatement record =
            connection.prepareStatement(
                "insert into recon (org_id, kind, subject, ours, theirs) select d.org_id, '"
                    + comparison.kind()
                    + "', d.subject, d.ours, d.theirs from ("
                    + sql
                    + " limit "
                    + MOST
                    + ") d (org_id, subject, ours, theirs)"
                    + " on conflict (org_id, kind, subject) where resolved_at is null do update"
                    + " set ours = excluded.ours, theirs = excluded.theirs, last_seen_at = clock_timestamp()");
        PreparedStatement resolve =
            connection.prepareStatement(
                "update recon set resolved_at = clock_timestamp() where resolved_at is null and kind = ?"
                    + " and last_seen_at < now() and (? or first_seen_at > clock_timestamp() - ? * interval '1 ms')")) {
      int next = 1;
      if (byTime) {
        record.setLong(next++, back.toMillis());
      }
      if (byId) {
        long now = now(connection);
        record.setString(next++, firstIdOf(now - back.toMillis()));
        record.setString(next, firstIdOf(now - SETTLING.toMillis()));
      }
      record.executeUpdate();
      resolve.setString(1, comparison.kind());
      resolve.setBoolean(2, !byTime && !byId);
      // Differences of requests are first seen some minutes after the requests came.
      resolve.setLong(3, back.minus(SETTLING).toMillis());
      resolve.executeUpdate();
    }
  }

  /** The least version-7 id of a millisecond. */
  private static String firstIdOf(long millis) {
    String hex = "%012x".formatted(millis);
    return hex.substring(0, 8) + "-" + hex.substring(8) + "-0000-0000-000000000000";
  }

  private static long now(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "select (extract(epoch from clock_timestamp()) * 1000)::bigint");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static long open(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("select count(*) from recon where resolved_at is null");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}

package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the witnesses: engines' receipts, usage, transfers, counters and leases; of late each
 * minute, and each day in full when it is over. A receipt is expected of every request that has
 * prices. A difference is told once and kept in the table {@code recon} from when it is first seen
 * until it is gone, with both amounts.
 */
public final class Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  /** Receipts and usage travel apart, so a request is looked at this long after it began. */
  private static final Duration SETTLING = Duration.ofMinutes(5);

  /** Most new differences of a kind in one run; more of them say no more. */
  private static final int MOST = 1000;

  /** What of the rows of a time two witnesses say. */
  private enum Bound {
    /** Everything, whenever it came. */
    NONE,
    /** Entries of the ledger of that time: two parameters. */
    TIME,
    /** Requests that began in that time: two parameters for each table of requests. */
    IDS
  }

  /** What two witnesses say: rows of org_id, subject, ours, theirs where they differ. */
  private record Comparison(String kind, Bound bound, String sql) {}

  /** Requests with what engines say of them; both tables are read once, by their partitions. */
  private static final String WITNESSED =
      """
      with u as (
        select request_id, org_id, card_id, status, input, output::bigint + reasoning as made from usage_rec
        where request_id >= ?::uuid and request_id < ?::uuid),
      r as (
        select request_id, min(org_id) as org_id, count(*) as attempts, sum(input) as input,
          sum(output::bigint + reasoning) as made, sum(acknowledged) as acknowledged
        from engine_receipt where request_id >= ?::uuid and request_id < ?::uuid group by request_id)
      """;

  private static final List<Comparison> COMPARISONS =
      List.of(
          new Comparison(
              "usage-and-transfers",
              Bound.TIME,
              """
              select x.org_id, 'entry ' || x.seq, coalesce(u.amount, 0), coalesce(t.amount, 0) from ledger_tx x
              left join lateral (
                select sum(amount_nano) as amount from usage_rec where org_id = x.org_id and seq = x.seq) u on true
              left join lateral (
                select sum(amount_nano) as amount from transfer
                where org_id = x.org_id and seq = x.seq and credit = 'revenue') t on true
              where x.kind = 'usage' and x.at >= ? and x.at < ? and coalesce(u.amount, 0) <> coalesce(t.amount, 0)\
              """),
          new Comparison(
              "counters-and-leases",
              Bound.NONE,
              """
              select k.org_id, 'counter ' || k.id, k.leased, coalesce(l.open, 0) from counter k left join (
                select counter_id, sum(granted - settled - returned) as open from lease where not closed group by counter_id
              ) l on l.counter_id = k.id
              where (k.leased > 0 or l.open > 0) and k.leased <> coalesce(l.open, 0)\
              """),
          // More was charged than was generated, or nobody but the gateway knows of it. Where an
          // engine died with its gateway it has no last word; what was charged then has failed.
          new Comparison(
              "usage-and-receipts",
              Bound.IDS,
              WITNESSED
                  + """
                  select u.org_id, 'request ' || u.request_id, u.made, coalesce(r.made, 0)
                  from u left join r using (request_id)
                  where (r.request_id is null and u.card_id <> 0 and u.status <> 3) or u.made > r.made\
                  """),
          // What was found in a cache was charged as if it had been computed.
          new Comparison(
              "prompts-and-receipts",
              Bound.IDS,
              WITNESSED
                  + """
                  select u.org_id, 'request ' || u.request_id, u.input, r.input
                  from u join r using (request_id) where u.input > r.input\
                  """),
          // An answer came to its end, and less was charged than was generated.
          new Comparison(
              "receipts-beyond-usage",
              Bound.IDS,
              WITNESSED
                  + """
                  select u.org_id, 'request ' || u.request_id, u.made, r.made
                  from u join r using (request_id) where u.status = 0 and r.attempts = 1 and r.made > u.made\
                  """),
          new Comparison(
              "receipts-without-usage",
              Bound.IDS,
              WITNESSED
                  + """
                  select r.org_id, 'request ' || r.request_id, 0, r.acknowledged
                  from r left join u using (request_id)
                  where u.request_id is null and r.acknowledged > 0
                    and exists (select from org o where o.id = r.org_id)\
                  """));

  private Reconciliation() {}

  /** A time from which to which is compared. */
  private record Span(Instant from, Instant to) {}

  /**
   * Compares what came within the last time, and updates the open differences of that time.
   *
   * @param back how far back it looks, longer than five minutes
   * @return how many differences are open now, older ones included
   * @throws DatabaseException when the database can't be used
   */
  public static long run(DataSource database, Duration back) {
    return inTransactions(
        database,
        connection -> {
          Instant now = now(connection);
          for (Comparison comparison : COMPARISONS) {
            boolean ids = comparison.bound() == Bound.IDS;
            Instant to = ids ? now.minus(SETTLING) : now.plus(Duration.ofDays(1));
            compare(connection, comparison, new Span(now.minus(back), to));
            // Differences of requests are first seen some minutes after the requests came.
            resolve(connection, comparison, now.minus(back).plus(SETTLING));
            connection.commit();
          }
          return open(connection);
        });
  }

  /**
   * Compares all of the days before today that were not compared yet, one at a time; of many that
   * are missing the latest week.
   *
   * @return how many days were compared
   * @throws DatabaseException when the database can't be used
   */
  public static int runDays(DataSource database) {
    return inTransactions(
        database,
        connection -> {
          int days = 0;
          for (LocalDate day : missing(connection)) {
            Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
            Instant end = begin.plus(Duration.ofDays(1));
            for (Comparison comparison : COMPARISONS) {
              compare(connection, comparison, new Span(begin, end));
              connection.commit();
            }
            remember(connection, day);
            connection.commit();
            days++;
          }
          return days;
        });
  }

  @FunctionalInterface
  private interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private static <T> T inTransactions(DataSource database, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
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

  private static void compare(Connection connection, Comparison comparison, Span span)
      throws SQLException {
    try (PreparedStatement record =
        connection.prepareStatement(
            "insert into recon (org_id, kind, subject, ours, theirs) select d.org_id, '"
                + comparison.kind()
                + "', d.subject, d.ours, d.theirs from ("
                + comparison.sql()
                + " limit "
                + MOST
                + ") d (org_id, subject, ours, theirs)"
                + " on conflict (org_id, kind, subject) where resolved_at is null do update"
                + " set ours = excluded.ours, theirs = excluded.theirs,"
                + " last_seen_at = clock_timestamp() returning subject, ours, theirs, xmax = 0")) {
      switch (comparison.bound()) {
        case NONE -> {}
        case TIME -> {
          record.setObject(1, span.from().atOffset(ZoneOffset.UTC));
          record.setObject(2, span.to().atOffset(ZoneOffset.UTC));
        }
        case IDS -> {
          Instant since = receiptsSince(connection);
          Instant from = span.from().isBefore(since) ? since : span.from();
          for (int parameter = 1; parameter <= 4; parameter += 2) {
            record.setString(parameter, firstIdOf(from));
            record.setString(parameter + 1, firstIdOf(span.to()));
          }
        }
      }
      try (ResultSet row = record.executeQuery()) {
        tell(comparison.kind(), row);
      }
    }
  }

  private static void tell(String kind, ResultSet row) throws SQLException {
    int fresh = 0;
    String first = "";
    while (row.next()) {
      if (row.getBoolean(4)) {
        if (fresh++ == 0) {
          first = row.getString(1) + ": " + row.getString(2) + " and " + row.getString(3);
        }
      }
    }
    if (fresh > 0) {
      LOG.error(
          "{} new differences between the ledger's witnesses ({}), such as {}; they are in the"
              + " table recon until they are gone",
          fresh,
          kind,
          first);
    }
  }

  private static void resolve(Connection connection, Comparison comparison, Instant since)
      throws SQLException {
    try (PreparedStatement resolve =
        connection.prepareStatement(
            "update recon set resolved_at = clock_timestamp() where resolved_at is null and kind = ?"
                + " and last_seen_at < now() and (? or first_seen_at > ?)")) {
      resolve.setString(1, comparison.kind());
      resolve.setBoolean(2, comparison.bound() == Bound.NONE);
      resolve.setObject(3, since.atOffset(ZoneOffset.UTC));
      resolve.executeUpdate();
    }
  }

  /** The oldest first. */
  private static List<LocalDate> missing(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select d::date from (select (clock_timestamp() at time zone 'UTC')::date as today) t,
                  generate_series(today - 7, today - 1, interval '1 day') d
                where clock_timestamp() > (today::timestamp at time zone 'UTC') + interval '10 minutes'
                  and not exists (select from recon_day r where r.day = d::date) order by 1\
                """);
        ResultSet row = select.executeQuery()) {
      List<LocalDate> days = new ArrayList<>();
      while (row.next()) {
        days.add(row.getObject(1, LocalDate.class));
      }
      return days;
    }
  }

  private static void remember(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into recon_day (day, differences)"
                + " select ?, count(*) from recon where resolved_at is null on conflict do nothing")) {
      insert.setObject(1, day);
      insert.executeUpdate();
    }
  }

  /** The least version-7 id of a millisecond. */
  private static String firstIdOf(Instant at) {
    String hex = "%012x".formatted(at.toEpochMilli());
    return hex.substring(0, 8) + "-" + hex.substring(8) + "-0000-0000-000000000000";
  }

  /** Requests of before this have no receipts. */
  private static Instant receiptsSince(Connection connection) throws SQLException {
    return instant(connection, "select at from written_since where what = 'engine-receipts'");
  }

  private static Instant now(Connection connection) throws SQLException {
    return instant(connection, "select clock_timestamp()");
  }

  private static Instant instant(Connection connection, String sql) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
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

package io.yuntai.ledger.usage;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Usage by hour, for those who plan capacity: what was served by the ledger, and beside it what was
 * refused by the log of requests, since both were asked for. Read day by day, in the memory of one.
 */
public final class UsageHours {
  private static final Duration DAY = Duration.ofDays(1);

  private final Transactions database;

  /** Of this database. */
  public UsageHours(Transactions database) {
    this.database = database;
  }

  /** Takes hours. */
  @FunctionalInterface
  public interface Sink<E extends Exception> {
    /** The next one; a failure ends it. */
    void hour(UsageHour hour) throws E;
  }

  /**
   * Hands out whole hours in their order; hours of nothing are left out.
   *
   * @param org whose; of all organisations where none is given
   * @param from within the first hour
   * @param to the end; an hour that is not over by then is left out
   * @throws RefusedException when no whole hour lies between
   */
  public <E extends Exception> void each(
      Optional<Organisation> org, Instant from, Instant to, Sink<E> sink) throws E {
    Instant first = from.truncatedTo(ChronoUnit.HOURS);
    Instant end = to.truncatedTo(ChronoUnit.HOURS);
    if (!first.isBefore(end)) {
      throw RefusedException.invalid("until", "Not one whole hour lies between the two times.");
    }
    for (Instant day = first; day.isBefore(end); day = day.plus(DAY)) {
      Instant next = day.plus(DAY);
      for (UsageHour hour : day(org, day, next.isBefore(end) ? next : end)) {
        sink.hour(hour);
      }
    }
  }

  private List<UsageHour> day(Optional<Organisation> org, Instant from, Instant to) {
    long id = org.map(Organisation::id).orElse(0L);
    return database.run(connection ->
        Rows.list(
            connection,
            """
            select date_trunc('hour', at, 'UTC') as hour, model, class, sum(requests)::bigint as requests,
              sum(input)::bigint as input, sum(cached)::bigint as cached, sum(output)::bigint as output,
              sum(refused)::bigint as refused
            from (
              select r.at, n.name as model, r.class, 1 as requests, r.input::bigint + r.cache_write as input,
                r.cache_hit as cached, r.output::bigint + r.reasoning as output, 0 as refused
              from usage_rec r join ledger_name n on n.id = r.model_id
              where (? = 0 or r.org_id = ?) and r.at >= ?::timestamptz and r.at < ?::timestamptz
                and r.request_id >= first_id_of(?::date - 1) and r.request_id < first_id_of(?::date + 2)
              union all
              select at, case when served = '' then model else served end,
                case when dialect = 'batch' then 1 else 0 end, 0, 0, 0, 0, 1
              from request_log
              where (? = 0 or org_id = ?) and at >= ?::timestamptz and at < ?::timestamptz
                and status in (429, 503, 529) and error_code <> 'insufficient_quota') a
            group by 1, 2, 3 order by 1, 2, 3\
            """,
            UsageHours::read,
            id,
            id,
            from,
            to,
            utcDay(from),
            utcDay(to),
            id,
            id,
            from,
            to));
  }

  private static UsageHour read(ResultSet row) throws SQLException {
    return new UsageHour(
        Rows.time(row, "hour"),
        row.getString("model"),
        ServiceClass.ofCode(row.getInt("class")).text(),
        row.getLong("requests"),
        row.getLong("input"),
        row.getLong("cached"),
        row.getLong("output"),
        row.getLong("refused"));
  }

  private static String utcDay(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }
}

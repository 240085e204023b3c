package io.yuntai.ledger.usage;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who spent what and when, exactly. Safe for use by many threads. */
public final class Spending {
  /** Most leaves of a tree. */
  public static final int MAX_LEAVES = 10_000;

  /** Most steps of a stretch. */
  public static final int MAX_STEPS = 1_000;

  private final Transactions database;

  /** Of this database. */
  public Spending(Transactions database) {
    this.database = database;
  }

  /**
   * What each key, and each person without one, used of each model, by project, key and model.
   *
   * @param from the first instant
   * @param to the end, which is not in it
   * @throws RefusedException when the end is not after the beginning
   */
  public List<SpendLeaf> leaves(Organisation org, Instant from, Instant to) {
    requireOrder(from, to);
    // Names of models are nobody's, so this is the operator's query; every join is by org_id.
    return database.run(connection ->
        Rows.list(
            connection,
            """
            select coalesce(p.name, '') as project, coalesce(k.public_id, '') as key,
              coalesce(k.name, '') as key_name, coalesce(a.email, '') as person, n.name as model, s.*
            from (
              select project_id, key_id, case when key_id = 0 then user_id else 0 end as person_id,
                model_id, count(*) as requests,
                sum(input)::bigint as input, sum(cache_hit::bigint + cache_write)::bigint as cached,
                sum(output::bigint + reasoning)::bigint as output,
                sum(amount_nano) as nano, sum(residue_pico) as pico
              from usage_rec
              where org_id = ? and at >= ?::timestamptz and at < ?::timestamptz
                and request_id >= first_id_of(?::date - 1) and request_id < first_id_of(?::date + 2)
              group by 1, 2, 3, 4 limit ?) s
              join ledger_name n on n.id = s.model_id
              left join project p on p.org_id = ? and p.id = s.project_id
              left join api_key k on k.org_id = ? and k.id = s.key_id
              left join app_user a on a.id = s.person_id
            order by 1, 3, 2, 4, 5\
            """,
            Spending::leaf,
            org.id(),
            from,
            to,
            day(from),
            day(to),
            MAX_LEAVES,
            org.id(),
            org.id()));
  }

  private static SpendLeaf leaf(ResultSet row) throws SQLException {
    return new SpendLeaf(
        row.getString("project"),
        row.getString("key"),
        row.getString("key_name"),
        row.getString("person"),
        row.getString("model"),
        row.getLong("requests"),
        row.getLong("input"),
        row.getLong("cached"),
        row.getLong("output"),
        amount(row));
  }

  private static BigDecimal amount(ResultSet row) throws SQLException {
    BigDecimal nano = row.getBigDecimal("nano");
    BigDecimal pico = row.getBigDecimal("pico");
    return (nano == null ? BigDecimal.ZERO : nano)
        .scaleByPowerOfTen(-9)
        .add((pico == null ? BigDecimal.ZERO : pico).scaleByPowerOfTen(-12))
        .setScale(12);
  }

  /**
   * What was used in each step of a stretch of time, in order; steps without requests are there
   * too.
   *
   * @param org whose; null for everybody's
   * @param step how long each is, at least a second
   * @throws RefusedException when the end is not after the beginning, or there were too many steps
   */
  public List<UsageStep> steps(
      @Nullable Organisation org, Instant from, Instant to, Duration step) {
    requireOrder(from, to);
    long seconds = step.toSeconds();
    if (seconds < 1 || Duration.between(from, to).toSeconds() / seconds > MAX_STEPS) {
      throw RefusedException.invalid(
          "step", "A stretch has at most %d steps.".formatted(MAX_STEPS));
    }
    List<UsageStep> used =
        database.run(connection ->
            Rows.list(
                connection,
                """
                select date_bin(make_interval(secs => ?), at, ?::timestamptz) as step,
                  count(*) as requests, count(*) filter (where status = 3) as failed,
                  sum(input::bigint + cache_hit + cache_write + output + reasoning)::bigint as tokens,
                  sum(amount_nano) as nano, sum(residue_pico) as pico
                from usage_rec
                where (? = 0 or org_id = ?) and at >= ?::timestamptz and at < ?::timestamptz
                  and request_id >= first_id_of(?::date - 1) and request_id < first_id_of(?::date + 2)
                group by 1 order by 1\
                """,
                row ->
                    new UsageStep(
                        Rows.time(row, "step"),
                        row.getLong("requests"),
                        row.getLong("failed"),
                        row.getLong("tokens"),
                        amount(row)),
                (double) seconds,
                from,
                org == null ? 0L : org.id(),
                org == null ? 0L : org.id(),
                from,
                to,
                day(from),
                day(to)));
    return filled(used, from, to, step);
  }

  private static List<UsageStep> filled(
      List<UsageStep> used, Instant from, Instant to, Duration step) {
    List<UsageStep> all = new ArrayList<>();
    int next = 0;
    for (Instant at = from; at.isBefore(to); at = at.plus(step)) {
      if (next < used.size() && used.get(next).from().equals(at)) {
        all.add(used.get(next++));
      } else {
        all.add(new UsageStep(at, 0, 0, 0, BigDecimal.ZERO.setScale(12)));
      }
    }
    return all;
  }

  /**
   * What everybody's requests since an instant came to, by currency, with 12 decimals.
   *
   * @param amount of all tenants that pay in it
   */
  public record Revenue(String currency, BigDecimal amount) {}

  /** What all tenants spent since an instant, by currency. */
  public List<Revenue> sinceByCurrency(Instant since) {
    return database.run(connection ->
        Rows.list(
            connection,
            """
            select o.currency, sum(r.amount_nano) as nano, sum(r.residue_pico) as pico
            from usage_rec r join org o on o.id = r.org_id
            where r.at >= ?::timestamptz and r.request_id >= first_id_of(?::date - 1)
            group by 1 having sum(r.amount_nano) > 0 or sum(r.residue_pico) > 0 order by 1\
            """,
            row -> new Revenue(row.getString("currency"), amount(row)),
            since,
            day(since)));
  }

  /** What an organisation spent since an instant, with 12 decimals. */
  public BigDecimal since(Organisation org, Instant since) {
    Optional<BigDecimal> sum =
        database.run(connection ->
            Rows.first(
                connection,
                """
                select sum(amount_nano) as nano, sum(residue_pico) as pico from usage_rec
                where org_id = ? and at >= ?::timestamptz and request_id >= first_id_of(?::date - 1)\
                """,
                Spending::amount,
                org.id(),
                since,
                day(since)));
    return sum.orElse(BigDecimal.ZERO.setScale(12));
  }

  private static void requireOrder(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw RefusedException.invalid("to", "A stretch of time ends after it begins.");
    }
  }

  /** Ids hold the day in UTC on which their request came. */
  private static String day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }
}

package io.yuntai.ledger.usage;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Sums of what organisations used, up to the last record that was settled. */
public final class UsageReports {
  /** Longest report. */
  public static final int MAX_ROWS = 10_000;

  private final Transactions database;

  /** Of this database. */
  public UsageReports(Transactions database) {
    this.database = database;
  }

  /**
   * What an organisation used, the largest amount first; days in their order.
   *
   * @param from the first instant
   * @param to the end, which is not in it
   * @throws RefusedException when the end is not after the beginning
   */
  public List<UsageSum> sums(Organisation org, UsageBy by, Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw RefusedException.invalid("until", "A report ends after it begins.");
    }
    // Names of models are nobody's, so this is the operator's query; every join is by org_id.
    return database.run(connection ->
        Rows.list(
            connection,
            """
            select %s as of, count(*) as requests, sum(r.input)::bigint as input,
              sum(r.cache_hit::bigint + r.cache_write)::bigint as cached,
              sum(r.output::bigint + r.reasoning)::bigint as output,
              sum(r.amount_nano)::bigint as amount
            from usage_rec r
              join org o on o.id = r.org_id
              join ledger_name n on n.id = r.model_id
              left join project p on p.org_id = r.org_id and p.id = r.project_id
              left join app_user u on u.id = r.user_id
              left join api_key k on k.org_id = r.org_id and k.id = r.key_id
            where r.org_id = ? and r.at >= ?::timestamptz and r.at < ?::timestamptz
              and r.request_id >= first_id_of(?::date - 1)
              and r.request_id < first_id_of(?::date + 2)
            group by 1 order by %s limit ?\
            """
                .formatted(by.sql(), by == UsageBy.DAY ? "1" : "amount desc, requests desc, 1"),
            row ->
                new UsageSum(
                    row.getString("of"),
                    row.getLong("requests"),
                    row.getLong("input"),
                    row.getLong("cached"),
                    row.getLong("output"),
                    row.getLong("amount")),
            org.id(),
            from,
            to,
            day(from),
            day(to),
            MAX_ROWS));
  }

  /** Ids hold the day in UTC on which their request came. */
  private static String day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }
}

package io.yuntai.ledger.usage;

import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Every request that an organisation made in a time, one row each, in the order of their ids. Read
 * page by page with no transaction held between, so that millions of rows take the memory of one
 * page, however slowly they are taken; what is settled while it runs may be in it or not.
 */
public final class UsageExport {
  private static final int PAGE_ROWS = 10_000;
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions database;

  /** Of this database. */
  public UsageExport(Transactions database) {
    this.database = database;
  }

  /**
   * A request.
   *
   * @param at when it was authorised
   * @param user the person's e-mail address, empty for nobody's
   * @param serviceClass as in prices
   * @param amount its exact price in the organisation's currency, with 12 decimals
   * @param entry the ledger's entry that it is part of
   */
  public record Row(
      UUID requestId,
      Instant at,
      String project,
      String user,
      String key,
      String model,
      String serviceClass,
      long input,
      long cacheHit,
      long cacheWrite,
      long output,
      long reasoning,
      BigDecimal amount,
      String status,
      long entry) {}

  /** Takes rows. */
  @FunctionalInterface
  public interface Sink {
    /** The next one; a failure ends the export. */
    void row(Row row) throws IOException, InterruptedException;
  }

  /**
   * Hands all rows out.
   *
   * @param from the first instant
   * @param to the end, which is not in it
   * @return how many there were
   * @throws RefusedException when the end is not after the beginning
   * @throws IOException what the sink throws
   */
  public long rows(Organisation org, Instant from, Instant to, Sink sink)
      throws IOException, InterruptedException {
    if (!from.isBefore(to)) {
      throw RefusedException.invalid("until", "An export ends after it begins.");
    }
    long count = 0;
    UUID after = FIRST;
    while (true) {
      List<Row> page = page(org, from, to, after);
      for (Row row : page) {
        sink.row(row);
      }
      count += page.size();
      if (page.size() < PAGE_ROWS) {
        return count;
      }
      after = page.getLast().requestId();
    }
  }

  private List<Row> page(Organisation org, Instant from, Instant to, UUID after) {
    // Names of models are nobody's, so this is the operator's query; every join is by org_id.
    return database.run(connection ->
        Rows.list(
            connection,
            """
            select r.request_id, r.at, coalesce(p.name, '') as project, coalesce(u.email, '') as email,
              coalesce(k.public_id, '') as key, n.name as model, r.class, r.input, r.cache_hit, r.cache_write, r.output,
              r.reasoning, r.amount_nano, r.residue_pico, r.status, r.seq
            from (
                select * from usage_rec
                where org_id = ? and at >= ?::timestamptz and at < ?::timestamptz
                  and request_id > ?::uuid
                  and request_id >= first_id_of(?::date - 1)
                  and request_id < first_id_of(?::date + 2)
                order by request_id limit ?) r
              join ledger_name n on n.id = r.model_id
              left join project p on p.org_id = r.org_id and p.id = r.project_id
              left join app_user u on u.id = r.user_id
              left join api_key k on k.org_id = r.org_id and k.id = r.key_id
            order by r.request_id\
            """,
            UsageExport::read,
            org.id(),
            from,
            to,
            after.toString(),
            day(from),
            day(to),
            PAGE_ROWS));
  }

  /** A request of a query that names its columns as this one does. */
  static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getObject("request_id", UUID.class),
        Rows.time(row, "at"),
        row.getString("project"),
        row.getString("email"),
        row.getString("key"),
        row.getString("model"),
        ServiceClass.ofCode(row.getInt("class")).text(),
        row.getLong("input"),
        row.getLong("cache_hit"),
        row.getLong("cache_write"),
        row.getLong("output"),
        row.getLong("reasoning"),
        BigDecimal.valueOf(row.getLong("amount_nano"), 9)
            .add(BigDecimal.valueOf(row.getLong("residue_pico"), 12)),
        UsageStatus.of(row.getInt("status")).name().toLowerCase(Locale.ROOT),
        row.getLong("seq"));
  }

  private static String day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }
}

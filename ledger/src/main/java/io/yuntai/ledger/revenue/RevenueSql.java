package io.yuntai.ledger.revenue;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.ServiceClass;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;

/** What was earned by months and currencies, read from usage and the ledger's entries. */
final class RevenueSql {
  private static final String MONTH = "to_char(t.at at time zone ?, 'YYYY-MM')";

  private RevenueSql() {}

  /** Whose figures they are. */
  record Operator(IsoCurrency currency, ZoneId zone) {}

  /** What requests of one name earned in a month, in one currency. */
  record Cell(
      YearMonth month,
      IsoCurrency currency,
      String name,
      BigInteger requests,
      BigInteger tokens,
      BigInteger nano) {}

  /** What a month's entries move in one currency, but for usage and its breakdown. */
  record Moves(
      YearMonth month,
      IsoCurrency currency,
      BigInteger promotions,
      BigInteger losses,
      BigInteger credits,
      BigInteger rounding,
      BigInteger breakage,
      BigInteger prepaid) {}

  static Operator operator(Connection connection) throws SQLException {
    return Rows.first(
            connection,
            "select currency, time_zone from org where id = 1",
            row -> new Operator(IsoCurrency.of(row.getString(1)), ZoneId.of(row.getString(2))))
        .orElseThrow();
  }

  static List<Cell> usage(
      Connection connection, RevenueQuery.By by, ZoneId zone, Instant from, Instant until)
      throws SQLException {
    String name =
        switch (by) {
          case MODEL -> "n.name";
          case PRODUCT -> "u.class::text";
          case TENANT -> "o.name";
        };
    return Rows.list(
        connection,
        "select "
            + MONTH
            + " as month, o.currency, "
            + name
            + " as name, count(*) as requests,"
            + " sum(u.input::bigint + u.cache_hit + u.cache_write + u.output + u.reasoning) as tokens,"
            + " sum(u.amount_nano) as nano"
            + " from usage_rec u join ledger_tx t on t.org_id = u.org_id and t.seq = u.seq"
            + " join org o on o.id = u.org_id join ledger_name n on n.id = u.model_id"
            + " where t.at >= ? and t.at < ? group by 1, 2, 3",
        row -> cell(row, by == RevenueQuery.By.PRODUCT),
        zone.getId(),
        from,
        until);
  }

  /** What invoices add to revenue that is no usage. */
  static List<Cell> adjustments(
      Connection connection, RevenueQuery.By by, ZoneId zone, Instant from, Instant until)
      throws SQLException {
    String name = by == RevenueQuery.By.TENANT ? "o.name" : "'" + RevenueReport.ADJUSTMENTS + "'";
    return Rows.list(
        connection,
        "select "
            + MONTH
            + " as month, f.currency, "
            + name
            + " as name, 0 as requests, 0 as tokens,"
            + " sum(case when f.credit = 'revenue' then f.amount_nano else -f.amount_nano end) as nano"
            + " from transfer f join ledger_tx t on t.org_id = f.org_id and t.seq = f.seq"
            + " join org o on o.id = f.org_id"
            + " where t.at >= ? and t.at < ? and t.kind <> 'usage' and 'revenue' in (f.debit, f.credit)"
            + " group by 1, 2, 3",
        row -> cell(row, false),
        zone.getId(),
        from,
        until);
  }

  private static Cell cell(ResultSet row, boolean serviceClass) throws SQLException {
    String name = row.getString("name");
    return new Cell(
        YearMonth.parse(row.getString("month")),
        IsoCurrency.of(row.getString("currency")),
        serviceClass ? ServiceClass.ofCode(Integer.parseInt(name)).text() : name,
        integer(row, "requests"),
        integer(row, "tokens"),
        integer(row, "nano"));
  }

  /** From the first entry on, since what is deferred is a balance. */
  static List<Moves> moves(Connection connection, ZoneId zone, Instant until) throws SQLException {
    return Rows.list(
        connection,
        "select "
            + MONTH
            + " as month, f.currency,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'promotion'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'promotion'), 0) as promotions,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'loss'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'loss'), 0) as losses,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'service'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'service'), 0) as credits,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'rounding'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'rounding'), 0) as rounding,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'breakage'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'breakage'), 0) as breakage,"
            + " -coalesce(sum(f.amount_nano) filter (where f.debit = 'prepaid'), 0)"
            + " + coalesce(sum(f.amount_nano) filter (where f.credit = 'prepaid'), 0) as prepaid"
            + " from transfer f join ledger_tx t on t.org_id = f.org_id and t.seq = f.seq"
            + " where t.at < ? group by 1, 2 order by 1, 2",
        row ->
            new Moves(
                YearMonth.parse(row.getString("month")),
                IsoCurrency.of(row.getString("currency")),
                integer(row, "promotions"),
                integer(row, "losses"),
                integer(row, "credits"),
                integer(row, "rounding"),
                integer(row, "breakage"),
                integer(row, "prepaid")),
        zone.getId(),
        until);
  }

  private static BigInteger integer(ResultSet row, String column) throws SQLException {
    BigDecimal number = row.getBigDecimal(column);
    return number == null ? BigInteger.ZERO : number.toBigIntegerExact();
  }
}

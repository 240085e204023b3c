package io.yuntai.ledger.revenue;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Makes reports of revenue from the database. Safe for use by many threads. */
public final class Revenue {
  private final Transactions database;

  public Revenue(DataSource database) {
    this.database = new Transactions(database);
  }

  /**
   * Makes a report.
   *
   * @throws RevenueException when an exchange rate is missing
   */
  public RevenueReport report(RevenueQuery query) {
    return database.run(connection -> {
      Rows.call(connection, "set transaction isolation level repeatable read read only");
      return report(connection, query);
    });
  }

  private static RevenueReport report(Connection connection, RevenueQuery query)
      throws SQLException {
    RevenueSql.Operator operator = RevenueSql.operator(connection);
    FiscalCalendar calendar = query.calendar();
    long firstPeriod = calendar.period(query.from());
    long lastPeriod = calendar.period(query.to());
    // A year more, for growth.
    Instant from = begin(calendar.first(firstPeriod - calendar.perYear()), operator.zone());
    Instant until = begin(calendar.first(lastPeriod + 1), operator.zone());
    IsoCurrency currency = query.currency() == null ? operator.currency() : query.currency();
    Conversion conversion = new Conversion(connection, currency, query.fxSource());
    List<RevenueSql.Cell> cells = new ArrayList<>();
    cells.addAll(RevenueSql.usage(connection, query.by(), operator.zone(), from, until));
    int used = cells.size();
    cells.addAll(RevenueSql.adjustments(connection, query.by(), operator.zone(), from, until));
    Summary summary = new Summary(calendar, conversion);
    summary.addUsage(cells.subList(0, used));
    summary.addAdjustments(cells.subList(used, cells.size()));
    summary.addMoves(
        RevenueSql.moves(connection, operator.zone(), until),
        calendar.first(firstPeriod - calendar.perYear()));
    return new RevenueReport(
        currency,
        summary.rows(firstPeriod, lastPeriod),
        summary.totals(firstPeriod, lastPeriod),
        conversion.used(calendar.first(firstPeriod)));
  }

  private static Instant begin(YearMonth month, ZoneId zone) {
    return month.atDay(1).atStartOfDay(zone).toInstant();
  }
}

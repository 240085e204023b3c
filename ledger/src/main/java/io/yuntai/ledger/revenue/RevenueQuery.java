package io.yuntai.ledger.revenue;

import io.yuntai.ledger.money.IsoCurrency;
import java.time.YearMonth;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is to be reported.
 *
 * @param by what rows are of
 * @param from a month of the first period
 * @param to a month of the last one
 * @param currency of the report; null for the operator's
 * @param fxSource whose exchange rates; null for anybody's
 */
public record RevenueQuery(
    By by,
    FiscalCalendar calendar,
    YearMonth from,
    YearMonth to,
    @Nullable IsoCurrency currency,
    @Nullable String fxSource) {
  private static final int MOST_PERIODS = 240;

  /** What rows are of. */
  public enum By {
    /** Models. */
    MODEL,
    /** Classes of service: at once, in batches, with priority. */
    PRODUCT,
    /** Organisations. */
    TENANT;

    /** As on a command line. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the time. */
  public RevenueQuery {
    if (to.isBefore(from)) {
      throw new RevenueException("A report can't end with " + to + ", before " + from + ".");
    }
    if (calendar.period(to) - calendar.period(from) >= MOST_PERIODS) {
      throw new RevenueException("A report has at most " + MOST_PERIODS + " periods.");
    }
  }
}

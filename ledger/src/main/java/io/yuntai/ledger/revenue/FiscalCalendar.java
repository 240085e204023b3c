package io.yuntai.ledger.revenue;

import java.time.YearMonth;
import java.util.Locale;

/**
 * Periods of a fiscal year, each a whole number of months, numbered through.
 *
 * @param step what they are
 * @param startMonth the month with which the fiscal year begins, 1 to 12
 */
public record FiscalCalendar(Step step, int startMonth) {
  /** How long a period is. */
  public enum Step {
    MONTH(1),
    QUARTER(3),
    YEAR(12);

    private final int months;

    Step(int months) {
      this.months = months;
    }

    /** As on a command line. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int MONTHS = 12;

  /** Checks the month. */
  public FiscalCalendar {
    if (startMonth < 1 || startMonth > MONTHS) {
      throw new RevenueException(
          "A fiscal year begins with a month from 1 to 12, not with " + startMonth + ".");
    }
  }

  /** The number of the period that a month is in; neighbours differ by one. */
  public long period(YearMonth month) {
    return Math.floorDiv(months(month) - (startMonth - 1), (long) step.months);
  }

  /** The first month of a period. */
  public YearMonth first(long period) {
    long months = period * step.months + (startMonth - 1);
    return YearMonth.of(
        Math.toIntExact(Math.floorDiv(months, (long) MONTHS)), Math.floorMod(months, MONTHS) + 1);
  }

  /** How many periods a year has. */
  public int perYear() {
    return MONTHS / step.months;
  }

  /**
   * A period's name: {@code 2026-11}, {@code 2026 Q4}, {@code 2026}. A fiscal year that does not
   * begin with January has the number of the year in which it ends: {@code FY2027 Q1}.
   */
  public String name(long period) {
    YearMonth first = first(period);
    if (step == Step.MONTH) {
      return first.toString();
    }
    boolean shifted = startMonth > 1;
    int year = first.getYear() + (shifted && first.getMonthValue() >= startMonth ? 1 : 0);
    String name = (shifted ? "FY" : "") + year;
    int quarter = Math.floorMod(first.getMonthValue() - startMonth, MONTHS) / 3 + 1;
    return step == Step.YEAR ? name : name + " Q" + quarter;
  }

  private static long months(YearMonth month) {
    return month.getYear() * (long) MONTHS + month.getMonthValue() - 1;
  }
}

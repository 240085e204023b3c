package io.yuntai.planner.calendar;

import io.yuntai.planner.PlannerException;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fiscal years that begin with one month and bear the number of the calendar year in which they
 * end, as Alibaba's do: its fiscal year 2025 is April 2024 to March 2025.
 *
 * @param first month of a year; one at which a quarter of the calendar begins
 */
public record FiscalYears(Month first) {
  /** As in Alibaba's and Japan's. */
  public static final FiscalYears FROM_APRIL = new FiscalYears(Month.APRIL);

  /** The calendar's own. */
  public static final FiscalYears FROM_JANUARY = new FiscalYears(Month.JANUARY);

  private static final int MONTHS = 3;
  private static final Pattern TEXT = Pattern.compile("FY(\\d{4})-?Q([1-4])");

  /** Checks that quarters agree with the calendar's. */
  public FiscalYears {
    if ((first.getValue() - 1) % MONTHS != 0) {
      throw new PlannerException(
          "A fiscal year begins in January, April, July or October here, not in %s."
              .formatted(first));
    }
  }

  /**
   * Reads {@code FY2025-Q3}.
   *
   * @throws PlannerException for any other text, a quarter of the calendar among them
   */
  public Quarter parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new PlannerException(
          "'%s' is no fiscal quarter such as FY2025-Q3.".formatted(Quarter.cut(text)));
    }
    return quarter(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /** The calendar's quarter of one of a fiscal year. */
  public Quarter quarter(int year, int number) {
    if (number < 1 || number > 4) {
      throw new PlannerException("Quarter %d of FY%d is none.".formatted(number, year));
    }
    return Quarter.of(begin(year)).plus(number - 1);
  }

  /** What a quarter is called, such as {@code FY2025-Q3}. */
  public String name(Quarter quarter) {
    int year = year(quarter);
    return "FY%04d-Q%d".formatted(year, Quarter.of(begin(year)).until(quarter) + 1);
  }

  /** The fiscal year that a quarter is in. */
  public int year(Quarter quarter) {
    YearMonth month = quarter.firstMonth();
    boolean next = first != Month.JANUARY && month.getMonthValue() >= first.getValue();
    return month.getYear() + (next ? 1 : 0);
  }

  /** The day in the middle of a fiscal year: what "in fiscal 2028" means where no day is told. */
  public LocalDate middle(int year) {
    return begin(year).plusMonths(6).atDay(1);
  }

  private YearMonth begin(int year) {
    return YearMonth.of(first == Month.JANUARY ? year : year - 1, first);
  }
}

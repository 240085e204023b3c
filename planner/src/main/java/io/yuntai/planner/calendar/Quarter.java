package io.yuntai.planner.calendar;

import io.yuntai.planner.PlannerException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three months of the calendar, from January, April, July or October on.
 *
 * @param year of the calendar; 1900 to 2999
 * @param number 1 to 4
 */
public record Quarter(int year, int number) implements Comparable<Quarter> {
  private static final int QUARTERS = 4;
  private static final int MONTHS = 3;
  private static final Pattern TEXT = Pattern.compile("(\\d{4})-?Q([1-4])");

  /** Checks the ranges. */
  public Quarter {
    if (year < 1900 || year > 2999 || number < 1 || number > QUARTERS) {
      throw new PlannerException(
          "Quarter %d of %d is none; quarters are such as 2026-Q3.".formatted(number, year));
    }
  }

  /** The one that a day is in. */
  public static Quarter of(LocalDate day) {
    return of(YearMonth.from(day));
  }

  /** The one that a month is in. */
  public static Quarter of(YearMonth month) {
    return new Quarter(month.getYear(), (month.getMonthValue() - 1) / MONTHS + 1);
  }

  /**
   * Reads {@code 2026-Q3}.
   *
   * @throws PlannerException for any other text, a fiscal quarter among them
   */
  public static Quarter parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new PlannerException(
          "'%s' is no quarter of the calendar such as 2026-Q3%s."
              .formatted(
                  cut(text),
                  text.startsWith("FY")
                      ? "; fiscal quarters need their fiscal year's first month"
                      : ""));
    }
    return new Quarter(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /** Some quarters later, or earlier. */
  public Quarter plus(int quarters) {
    int index = index() + quarters;
    return new Quarter(Math.floorDiv(index, QUARTERS), Math.floorMod(index, QUARTERS) + 1);
  }

  /** How many quarters another is later; below 0 when it is earlier. */
  public int until(Quarter other) {
    return other.index() - index();
  }

  /** Its first month. */
  public YearMonth firstMonth() {
    return YearMonth.of(year, (number - 1) * MONTHS + 1);
  }

  /** Its first day. */
  public LocalDate firstDay() {
    return firstMonth().atDay(1);
  }

  /** Its last day. */
  public LocalDate lastDay() {
    return firstMonth().plusMonths(MONTHS - 1).atEndOfMonth();
  }

  private int index() {
    return year * QUARTERS + number - 1;
  }

  static String cut(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  @Override
  public int compareTo(Quarter other) {
    return Integer.compare(index(), other.index());
  }

  @Override
  public String toString() {
    return "%04d-Q%d".formatted(year, number);
  }
}

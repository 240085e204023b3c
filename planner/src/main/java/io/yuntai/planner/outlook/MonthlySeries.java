package io.yuntai.planner.outlook;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.HourlySeries;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was asked for in each of some months on end.
 *
 * @param first the first month
 * @param amounts above 0 each: growth from nothing can't be told
 */
public record MonthlySeries(YearMonth first, double[] amounts) {
  /** Fifty years. */
  public static final int MAX_MONTHS = 600;

  private static final long HOUR_SECONDS = 3600;

  /** Checks and copies the amounts. */
  public MonthlySeries {
    amounts = amounts.clone();
    if (amounts.length > MAX_MONTHS) {
      throw new PlannerException(
          "%d months are more than %d.".formatted(amounts.length, MAX_MONTHS));
    }
    for (int i = 0; i < amounts.length; i++) {
      if (!(amounts[i] > 0 && amounts[i] < 1e24)) {
        throw new PlannerException(
            "%s has %s, where each month must have something: begin with the first that has."
                .formatted(first.plusMonths(i), amounts[i]));
      }
    }
  }

  /**
   * The whole months of hours, in UTC; a part of a month at either end is left out.
   *
   * @throws PlannerException when there is none
   */
  public static MonthlySeries of(HourlySeries hours) {
    double[] amounts = hours.amounts();
    YearMonth month = YearMonth.from(hours.first().atZone(ZoneOffset.UTC));
    if (begin(month).isBefore(hours.first())) {
      month = month.plusMonths(1);
    }
    YearMonth from = month;
    List<Double> sums = new ArrayList<>();
    for (int at = hour(hours, month); at < amounts.length; at = hour(hours, month)) {
      month = month.plusMonths(1);
      int end = hour(hours, month);
      if (end > amounts.length) {
        break;
      }
      sums.add(Arrays.stream(amounts, at, end).sum());
    }
    if (sums.isEmpty()) {
      throw new PlannerException(
          "The hours from %s on hold no whole month.".formatted(hours.first()));
    }
    return new MonthlySeries(from, sums.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static int hour(HourlySeries hours, YearMonth month) {
    return (int) ((begin(month).getEpochSecond() - hours.first().getEpochSecond()) / HOUR_SECONDS);
  }

  @Override
  public double[] amounts() {
    return amounts.clone();
  }

  /** How many months. */
  public int months() {
    return amounts.length;
  }

  /** The month after the last. */
  public YearMonth next() {
    return first.plusMonths(amounts.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MonthlySeries that
        && first.equals(that.first)
        && Arrays.equals(amounts, that.amounts);
  }

  @Override
  public int hashCode() {
    return 31 * first.hashCode() + Arrays.hashCode(amounts);
  }

  @Override
  public String toString() {
    return "%d months from %s".formatted(amounts.length, first);
  }
}

package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.time.YearMonth;

/**
 * A number that a plan stands on.
 *
 * @param name by which it is asked for, such as {@code chip.h200.memory}
 * @param value in its unit; finite
 * @param unit what it counts
 * @param source who says so
 * @param date since when it is so
 * @param confidence how far it can be believed
 */
public record Fact(
    String name, double value, Unit unit, String source, YearMonth date, Confidence confidence) {
  /** Checks that it is a number. */
  public Fact {
    if (!Double.isFinite(value)) {
      throw new PlannerException("%s is %s, which is no number.".formatted(name, value));
    }
  }

  /**
   * Its value in another unit of the same dimension.
   *
   * @throws PlannerException when it counts something else
   */
  public double in(Unit wanted) {
    if (!unit.sameDimension(wanted)) {
      throw new PlannerException(
          "%s is in %s, which can't be told in %s.".formatted(name, unit.text(), wanted.text()));
    }
    return value * (unit.factor() / wanted.factor());
  }

  /** {@link #in(Unit)} by the unit's text. */
  public double in(String wanted) {
    return in(Unit.of(wanted));
  }

  /** Whether it is older than so many months. */
  public boolean isStale(YearMonth today, int months) {
    return date.plusMonths(months).isBefore(today);
  }
}

package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.Arrays;

/**
 * A number for each quarter; the last goes on for the quarters after it. An amount that may be
 * without limit is {@link Double#POSITIVE_INFINITY}.
 */
public final class Series {
  /** Nothing in every quarter. */
  public static final Series ZERO = constant(0);

  /** One in every quarter. */
  public static final Series ONE = constant(1);

  /** No limit in any quarter. */
  public static final Series UNLIMITED = constant(Double.POSITIVE_INFINITY);

  private final double[] values;

  private Series(double[] values) {
    this.values = values;
  }

  /** The same in every quarter. */
  public static Series constant(double value) {
    return new Series(new double[] {value});
  }

  /** One for each quarter from the first on. */
  public static Series of(double... values) {
    if (values.length == 0) {
      throw new PlannerException("A series has no number; give one, or one for each quarter.");
    }
    return new Series(values.clone());
  }

  /** The number of a quarter. */
  public double at(int quarter) {
    return values[Math.min(quarter, values.length - 1)];
  }

  /** How many numbers were given. */
  public int size() {
    return values.length;
  }

  /** All numbers that were given. */
  public double[] values() {
    return values.clone();
  }

  /** Each number multiplied. */
  public Series times(double factor) {
    return new Series(Arrays.stream(values).map(value -> value * factor).toArray());
  }

  /** Throws a sentence that names the cell when a number is outside of a range. */
  Series check(String cell, double least, double most) {
    for (int t = 0; t < values.length; t++) {
      Cells.range(values.length == 1 ? cell : cell + "[" + t + "]", values[t], least, most);
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Series series && Arrays.equals(values, series.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return values.length == 1 ? Double.toString(values[0]) : Arrays.toString(values);
  }
}

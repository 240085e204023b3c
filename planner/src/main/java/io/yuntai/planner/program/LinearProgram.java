package io.yuntai.planner.program;

import java.util.Arrays;

/**
 * Minimise {@code cost x} where {@code rowLower <= A x <= rowUpper} and {@code lower <= x <=
 * upper}, some {@code x} whole. The matrix is stored by columns: the entries of column {@code j}
 * are at {@code starts[j]} up to, and without, {@code starts[j + 1]}.
 *
 * <p>The arrays are the program's own: who reads them does not write to them. Copies with other
 * bounds share the matrix.
 *
 * @param rowNames one for each row
 * @param columnNames one for each column
 */
@SuppressWarnings("ArrayRecordComponent") // a copy of each array for each look would be the cost
public record LinearProgram(
    int[] starts,
    int[] rows,
    double[] values,
    double[] cost,
    double[] lower,
    double[] upper,
    boolean[] whole,
    double[] rowLower,
    double[] rowUpper,
    Names rowNames,
    Names columnNames) {
  /** Names by index; made when they are asked for. */
  @FunctionalInterface
  public interface Names {
    /** The name of a row or column. */
    String of(int index);
  }

  /** How many columns. */
  public int columns() {
    return cost.length;
  }

  /** How many rows. */
  public int rowCount() {
    return rowLower.length;
  }

  /** How many entries of the matrix. */
  public int entries() {
    return starts[columns()];
  }

  /** How many columns are whole numbers. */
  public int wholeColumns() {
    int count = 0;
    for (boolean one : whole) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** The same with other bounds of columns. */
  public LinearProgram withBounds(double[] otherLower, double[] otherUpper) {
    return new LinearProgram(
        starts,
        rows,
        values,
        cost,
        otherLower,
        otherUpper,
        whole,
        rowLower,
        rowUpper,
        rowNames,
        columnNames);
  }

  /** The same with other bounds of rows. */
  public LinearProgram withRowBounds(double[] otherLower, double[] otherUpper) {
    return new LinearProgram(
        starts,
        rows,
        values,
        cost,
        lower,
        upper,
        whole,
        otherLower,
        otherUpper,
        rowNames,
        columnNames);
  }

  /** The same with another goal. */
  public LinearProgram withCost(double[] other) {
    return new LinearProgram(
        starts,
        rows,
        values,
        other,
        lower,
        upper,
        whole,
        rowLower,
        rowUpper,
        rowNames,
        columnNames);
  }

  /** The same with whole numbers at values. */
  public LinearProgram withWholeAt(double[] x) {
    double[] low = lower.clone();
    double[] high = upper.clone();
    for (int j = 0; j < columns(); j++) {
      if (whole[j]) {
        low[j] = Math.rint(x[j]);
        high[j] = low[j];
      }
    }
    return withBounds(low, high).relaxed();
  }

  /** The same without whole numbers. */
  public LinearProgram relaxed() {
    return new LinearProgram(
        starts,
        rows,
        values,
        cost,
        lower,
        upper,
        new boolean[columns()],
        rowLower,
        rowUpper,
        rowNames,
        columnNames);
  }

  /** What a point costs. */
  public double costOf(double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += cost[j] * x[j];
    }
    return sum;
  }

  /** {@code A x}. */
  public double[] activities(double[] x) {
    double[] sum = new double[rowCount()];
    for (int j = 0; j < x.length; j++) {
      if (x[j] != 0) {
        for (int k = starts[j]; k < starts[j + 1]; k++) {
          sum[rows[k]] += values[k] * x[j];
        }
      }
    }
    return sum;
  }

  /** By how much a point misses its worst limit, by the greatest of the limit's terms. */
  public double violation(double[] x) {
    double[] sum = activities(x);
    double[] size = new double[rowCount()];
    Arrays.fill(size, 1);
    double worst = 0;
    for (int j = 0; j < x.length; j++) {
      double off = Math.max(lower[j] - x[j], x[j] - upper[j]);
      if (whole[j]) {
        off = Math.max(off, Math.abs(x[j] - Math.rint(x[j])));
      }
      worst = Math.max(worst, off / (1 + Math.abs(x[j])));
      for (int k = starts[j]; k < starts[j + 1]; k++) {
        size[rows[k]] = Math.max(size[rows[k]], Math.abs(values[k] * x[j]));
      }
    }
    for (int i = 0; i < sum.length; i++) {
      worst = Math.max(worst, Math.max(rowLower[i] - sum[i], sum[i] - rowUpper[i]) / size[i]);
    }
    return worst;
  }
}

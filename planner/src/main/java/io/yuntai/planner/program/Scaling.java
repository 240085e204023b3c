package io.yuntai.planner.program;

import java.util.Arrays;

/**
 * Powers of two for rows and columns that bring the entries near 1 (geometric means, A. Curtis and
 * J. Reid, 1972, in the simple form). Powers of two round nothing. Whole columns keep their scale.
 */
public final class Scaling {
  private static final int PASSES = 4;

  private final LinearProgram plain;
  private final double[] rowFactor;
  private final double[] columnFactor;
  private final double costFactor;
  private final LinearProgram scaled;

  /** Scales a program. */
  public Scaling(LinearProgram plain) {
    this.plain = plain;
    rowFactor = new double[plain.rowCount()];
    columnFactor = new double[plain.columns()];
    Arrays.fill(rowFactor, 1);
    Arrays.fill(columnFactor, 1);
    for (int pass = 0; pass < PASSES; pass++) {
      rows();
      columns(true);
    }
    columns(false);
    costFactor = costFactor();
    scaled = apply();
  }

  private double costFactor() {
    double low = Double.MAX_VALUE;
    double high = 0;
    for (int j = 0; j < plain.columns(); j++) {
      double value = Math.abs(plain.cost()[j]) * columnFactor[j];
      if (value > 0) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    // Near the dearest: tolerances are meant for costs about 1, and cheap columns matter little.
    return high == 0 ? 1 : power(1 / Math.max(Math.sqrt(low * high), high / 1000));
  }

  private void rows() {
    double[] low = new double[rowFactor.length];
    double[] high = new double[rowFactor.length];
    Arrays.fill(low, Double.MAX_VALUE);
    for (int j = 0; j < plain.columns(); j++) {
      for (int k = plain.starts()[j]; k < plain.starts()[j + 1]; k++) {
        int i = plain.rows()[k];
        double value = Math.abs(plain.values()[k]) * columnFactor[j];
        low[i] = Math.min(low[i], value);
        high[i] = Math.max(high[i], value);
      }
    }
    for (int i = 0; i < rowFactor.length; i++) {
      if (high[i] > 0) {
        rowFactor[i] = power(1 / Math.sqrt(low[i] * high[i]));
      }
    }
  }

  /** By the mean of least and largest entry, or at last by the largest alone. */
  private void columns(boolean mean) {
    for (int j = 0; j < plain.columns(); j++) {
      if (plain.whole()[j]) {
        continue;
      }
      double low = Double.MAX_VALUE;
      double high = 0;
      for (int k = plain.starts()[j]; k < plain.starts()[j + 1]; k++) {
        double value = Math.abs(plain.values()[k]) * rowFactor[plain.rows()[k]];
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      if (high > 0) {
        columnFactor[j] = power(1 / (mean ? Math.sqrt(low * high) : high));
      }
    }
  }

  private static double power(double value) {
    return Math.scalb(1.0, Math.clamp(Math.getExponent(value * Math.sqrt(2)), -60, 60));
  }

  private LinearProgram apply() {
    double[] values = plain.values().clone();
    for (int j = 0; j < plain.columns(); j++) {
      for (int k = plain.starts()[j]; k < plain.starts()[j + 1]; k++) {
        values[k] *= rowFactor[plain.rows()[k]] * columnFactor[j];
      }
    }
    return new LinearProgram(
        plain.starts(),
        plain.rows(),
        values,
        cost(),
        by(plain.lower(), columnFactor),
        by(plain.upper(), columnFactor),
        plain.whole(),
        times(plain.rowLower(), rowFactor),
        times(plain.rowUpper(), rowFactor),
        plain.rowNames(),
        plain.columnNames());
  }

  private double[] cost() {
    double[] cost = times(plain.cost(), columnFactor);
    for (int j = 0; j < cost.length; j++) {
      cost[j] *= costFactor;
    }
    return cost;
  }

  private static double[] times(double[] a, double[] factor) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] * factor[i];
    }
    return result;
  }

  private static double[] by(double[] a, double[] factor) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] / factor[i];
    }
    return result;
  }

  /** The scaled program. */
  public LinearProgram scaled() {
    return scaled;
  }

  /** A point of the plain program from one of the scaled. */
  public double[] plainPoint(double[] x) {
    return times(x, columnFactor);
  }

  /** A point of the scaled program from one of the plain. */
  public double[] scaledPoint(double[] x) {
    return by(x, columnFactor);
  }

  /** Prices of the plain program's rows from those of the scaled. */
  public double[] plainPrices(double[] prices) {
    double[] result = times(prices, rowFactor);
    for (int i = 0; i < result.length; i++) {
      result[i] /= costFactor;
    }
    return result;
  }

  /** A cost of the plain program from one of the scaled. */
  public double plainCost(double cost) {
    return cost / costFactor;
  }

  /** A cost of the scaled program from one of the plain. */
  public double scaledCost(double cost) {
    return cost * costFactor;
  }
}

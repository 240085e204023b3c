package io.yuntai.planner.statements;

import org.jspecify.annotations.Nullable;

/** Rate of return and payback. */
final class Returns {
  private static final int STEPS = 200;

  private Returns() {}

  /**
   * The rate a year at which all flows are worth nothing; NaN where none from -99 % to 1000 % is.
   */
  static double internalRate(double[] flows, double terminal) {
    double low = -0.99;
    double high = 10;
    double atLow = value(flows, terminal, low);
    double atHigh = value(flows, terminal, high);
    if (!(atLow > 0 && atHigh < 0)) {
      return Double.NaN;
    }
    for (int step = 0; step < STEPS; step++) {
      double middle = (low + high) / 2;
      if (value(flows, terminal, middle) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double value(double[] flows, double terminal, double rate) {
    double sum = terminal * Math.pow(1 + rate, -flows.length / 4.0);
    for (int t = 0; t < flows.length; t++) {
      sum += flows[t] * Math.pow(1 + rate, -(t + 0.5) / 4);
    }
    return sum;
  }

  /** Quarters until the sum of flows is above 0 and stays there; -1 where it never does. */
  static int paybackQuarters(double[] flows) {
    @Nullable Integer since = null;
    double sum = 0;
    for (int t = 0; t < flows.length; t++) {
      sum += flows[t];
      if (sum < 0) {
        since = null;
      } else if (since == null) {
        since = t + 1;
      }
    }
    return since == null ? -1 : since;
  }
}

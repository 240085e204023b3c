package io.yuntai.planner.outlook;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Curves that level off, fitted to logarithms by least squares, recent months weighing more. */
final class SCurve {
  private static final int EVALUATIONS = 400;

  /** Of a month's weight in that of the month after it. */
  private static final double MEMORY = 0.95;

  /** How much above the largest month the last level is believed to be before months are seen. */
  private static final double PRIOR_LOG_ROOM = Math.log(4);

  private static final double PRIOR_WEIGHT = 0.01;

  private SCurve() {}

  /**
   * Fits {@code log a + shape((t - m) / s)} and goes on from the last month by its growth.
   *
   * @param shape of the logarithm, rising to 0
   */
  static double[] forecast(double[] logs, int until, int months, DoubleUnaryOperator shape) {
    double top = Arrays.stream(logs, 0, until).max().orElse(0);
    double[] start = {PRIOR_LOG_ROOM, until, Math.log(Math.max(6, until / 3.0))};
    double[] fitted =
        NelderMead.least(
            p -> misfit(p, logs, until, top, shape),
            start,
            new double[] {0.5, until / 3.0, 0.3},
            EVALUATIONS);
    double last = curve(fitted, until - 1, top, shape);
    double[] next = new double[months];
    Arrays.setAll(next, i -> logs[until - 1] + curve(fitted, until + i, top, shape) - last);
    return next;
  }

  private static double misfit(
      double[] p, double[] logs, int until, double top, DoubleUnaryOperator shape) {
    if (p[0] < 0 || p[0] > 7 || Math.abs(p[1]) > 600 || p[2] < 0 || p[2] > 6) {
      return Double.MAX_VALUE;
    }
    double sum = PRIOR_WEIGHT * (p[0] - PRIOR_LOG_ROOM) * (p[0] - PRIOR_LOG_ROOM);
    double weight = 1;
    for (int t = until - 1; t >= 0; t--) {
      double miss = logs[t] - curve(p, t, top, shape);
      sum += weight * miss * miss;
      weight *= MEMORY;
    }
    return sum;
  }

  private static double curve(double[] p, int month, double top, DoubleUnaryOperator shape) {
    return top + p[0] + Math.max(-700, shape.applyAsDouble((month - p[1]) / Math.exp(p[2])));
  }
}

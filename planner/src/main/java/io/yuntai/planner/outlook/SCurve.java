package io.yuntai.planner.outlook;

import io.yuntai.planner.demand.NelderMead;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Curves that level off, fitted to logarithms by least squares, recent months weighing more. */
final class SCurve {
  private static final int EVALUATIONS = 400;
  private static final int BASS_EVALUATIONS = 600;

  /** Of a month's weight in that of the month after it. */
  private static final double MEMORY = 0.95;

  /** How much above the largest month the last level is believed to be before months are seen. */
  private static final double PRIOR_LOG_ROOM = Math.log(4);

  private static final double PRIOR_WEIGHT = 0.01;

  /** Of imitators by innovators, before months are seen: the usual 0.38 by 0.03 (Sultan, 1990). */
  private static final double PRIOR_LOG_IMITATION = Math.log(0.38 / 0.03);

  private SCurve() {}

  /**
   * A curve of a few parameters; the first is the logarithm of the room above the largest month.
   */
  private interface Curve {
    boolean allows(double[] p);

    /** The logarithm of the share of the last level that is reached in a month. */
    double at(double[] p, int month);
  }

  /**
   * Fits {@code log a + shape((t - m) / s)} and goes on from the last month by its growth.
   *
   * @param shape of the logarithm, rising to 0
   */
  static double[] forecast(double[] logs, int until, int months, DoubleUnaryOperator shape) {
    Curve curve =
        new Curve() {
          @Override
          public boolean allows(double[] p) {
            return Math.abs(p[1]) <= 600 && p[2] >= 0 && p[2] <= 6;
          }

          @Override
          public double at(double[] p, int month) {
            return shape.applyAsDouble((month - p[1]) / Math.exp(p[2]));
          }
        };
    double[] start = {PRIOR_LOG_ROOM, until, Math.log(Math.max(6, until / 3.0))};
    return forecast(logs, until, months, curve, start, new double[] {0.5, until / 3.0, 0.3});
  }

  /**
   * Fits F. M. Bass' curve (1969), {@code (1 - e^-z) / (1 + (q/p) e^-z)} with {@code z = (p + q) (t
   * - t0)}: innovators p who come by themselves, imitators q who come by those who came.
   */
  static double[] bass(double[] logs, int until, int months) {
    Curve curve =
        new Curve() {
          @Override
          public boolean allows(double[] p) {
            return p[1] >= 0 && p[1] <= 6 && p[2] >= 0 && p[2] <= 6 && p[3] >= -3 && p[3] <= 9;
          }

          @Override
          public double at(double[] p, int month) {
            double z = (month + Math.exp(p[1])) / Math.exp(p[2]);
            return Math.log(-Math.expm1(-z)) - Math.log1p(Math.exp(p[3] - z));
          }
        };
    double[] start = {PRIOR_LOG_ROOM, Math.log(6), Math.log(12), PRIOR_LOG_IMITATION};
    return forecast(logs, until, months, curve, start, new double[] {0.5, 0.5, 0.3, 0.7});
  }

  private static double[] forecast(
      double[] logs, int until, int months, Curve curve, double[] start, double[] step) {
    double top = Arrays.stream(logs, 0, until).max().orElse(0);
    double[] fitted =
        NelderMead.least(
            p -> misfit(p, logs, until, top, curve),
            start,
            step,
            start.length > 3 ? BASS_EVALUATIONS : EVALUATIONS);
    double last = level(fitted, until - 1, top, curve);
    double[] next = new double[months];
    Arrays.setAll(next, i -> logs[until - 1] + level(fitted, until + i, top, curve) - last);
    return next;
  }

  private static double misfit(double[] p, double[] logs, int until, double top, Curve curve) {
    if (p[0] < 0 || p[0] > 7 || !curve.allows(p)) {
      return Double.MAX_VALUE;
    }
    double sum = PRIOR_WEIGHT * (p[0] - PRIOR_LOG_ROOM) * (p[0] - PRIOR_LOG_ROOM);
    if (p.length > 3) {
      sum += PRIOR_WEIGHT * (p[3] - PRIOR_LOG_IMITATION) * (p[3] - PRIOR_LOG_IMITATION);
    }
    double weight = 1;
    for (int t = until - 1; t >= 0; t--) {
      double miss = logs[t] - level(p, t, top, curve);
      sum += weight * miss * miss;
      weight *= MEMORY;
    }
    return sum;
  }

  private static double level(double[] p, int month, double top, Curve curve) {
    return top + p[0] + Math.max(-700, curve.at(p, month));
  }
}

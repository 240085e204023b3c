package io.yuntai.planner.demand;

import java.util.List;

/**
 * A level and a growth that follow a series, and a growth that calms down (E. S. Gardner and E.
 * McKenzie, 1985), with the parameters that tell each point best from those before it.
 *
 * @param follows how fast the level follows, 0 to 1
 * @param grows how fast the growth of the level follows, 0 to 1
 * @param damping what of growth is left after a step
 * @param level after the last point
 * @param growth after the last point
 * @param squares sum of the squares of what each point was missed by
 */
record DampedTrend(
    double follows, double grows, double damping, double level, double growth, double squares) {
  private static final double LEAST_DAMPING = 0.8;
  private static final double MOST_DAMPING = 0.995;
  private static final int EVALUATIONS = 150;

  /** On the scale of {@link #within}: growth that calms down soon, and one that hardly does. */
  private static final List<double[]> STARTS =
      List.of(new double[] {0, -2, 0}, new double[] {-1, -4, 4});

  private static final double[] STEPS = {1, 1, 1};

  /** Fits a series; the level begins with its first point, the growth with nothing. */
  static DampedTrend fit(double[] y) {
    DampedTrend best = run(y, 1, 0, LEAST_DAMPING);
    for (double[] start : STARTS) {
      double[] at = start;
      // A search that ended at a wall goes on from there with new steps.
      for (int again = 0; again < 2; again++) {
        at = NelderMead.least(p -> at(y, p).squares, at, STEPS, EVALUATIONS);
      }
      DampedTrend found = at(y, at);
      best = found.squares < best.squares ? found : best;
    }
    return best;
  }

  /** Of numbers of any size, so that a search meets no wall. */
  private static DampedTrend at(double[] y, double[] p) {
    return run(
        y, within(0, 1, p[0]), within(0, 1, p[1]), within(LEAST_DAMPING, MOST_DAMPING, p[2]));
  }

  private static double within(double low, double high, double value) {
    return low + (high - low) / (1 + Math.exp(-value));
  }

  /** With parameters as they are. */
  static DampedTrend run(double[] y, double follows, double grows, double damping) {
    double level = y[0];
    double growth = 0;
    double squares = 0;
    for (double point : y) {
      double expected = level + damping * growth;
      double miss = point - expected;
      double next = expected + follows * miss;
      growth = grows * (next - level) + (1 - grows) * damping * growth;
      level = next;
      squares += miss * miss;
    }
    return new DampedTrend(follows, grows, damping, level, growth, squares);
  }

  /** The points after the last. */
  double[] forecast(int steps) {
    double[] next = new double[steps];
    double power = 1;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      power *= damping;
      sum += power * growth;
      next[i] = level + sum;
    }
    return next;
  }
}

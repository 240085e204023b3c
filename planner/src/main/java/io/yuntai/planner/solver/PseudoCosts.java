package io.yuntai.planner.solver;

import org.jspecify.annotations.Nullable;

/** What bounds on columns cost so far, so that the next branch is on one that matters. */
final class PseudoCosts {
  private final double[] down;
  private final double[] up;
  private final int[] downCount;
  private final int[] upCount;
  private double @Nullable [] lastPoint;
  private double meanDown = 1;
  private double meanUp = 1;
  private int learnt;

  PseudoCosts(int columns) {
    down = new double[columns];
    up = new double[columns];
    downCount = new int[columns];
    upCount = new int[columns];
  }

  /** A node's cost after a bound on a column was set. */
  void learn(int column, double lower, double before, double after) {
    if (column < 0 || lastPoint == null || Double.isInfinite(before)) {
      return;
    }
    double gain = Math.max(0, after - before);
    learnt++;
    if (lower == Double.NEGATIVE_INFINITY) {
      down[column] += gain;
      downCount[column]++;
      meanDown += (gain - meanDown) / learnt;
    } else {
      up[column] += gain;
      upCount[column]++;
      meanUp += (gain - meanUp) / learnt;
    }
  }

  /** The column to branch on; -1 when all are whole. */
  int choose(boolean[] whole, double[] x, double tolerance) {
    lastPoint = x;
    int best = -1;
    double most = -1;
    for (int j = 0; j < x.length; j++) {
      double part = x[j] - Math.floor(x[j]);
      if (whole[j] && part > tolerance && part < 1 - tolerance) {
        double below = (downCount[j] == 0 ? meanDown : down[j] / downCount[j]) * part;
        double above = (upCount[j] == 0 ? meanUp : up[j] / upCount[j]) * (1 - part);
        double score = Math.max(below, 1e-9) * Math.max(above, 1e-9);
        if (score > most) {
          most = score;
          best = j;
        }
      }
    }
    return best;
  }
}

package io.yuntai.planner.solver;

/**
 * Which column enters: the dual ratio test that flips columns from one bound to the other as long
 * as that is a gain (I. Maros, 2003), and among near equals takes the largest pivot (P. Harris,
 * 1973).
 */
final class RatioTest {
  private static final double PIVOT = 1e-9;
  private static final double TOLERANCE = 1e-9;

  private final int[] candidates;
  private int count;
  private final int[] flips;
  private int flipCount;

  RatioTest(int columns) {
    candidates = new int[columns];
    flips = new int[columns];
  }

  /**
   * The column that enters, or -1 when none can.
   *
   * @param touched columns with an entry in the pivot row
   * @param sign 1 when the leaving column goes down to its upper bound, -1 when it goes up
   * @param slope by how much the leaving column misses its bound
   */
  int entering(
      SimplexState state, int[] touched, int touchedCount, double[] alpha, int sign, double slope) {
    collect(state, touched, touchedCount, alpha, sign);
    flipCount = 0;
    double left = slope;
    int best = -1;
    while (count > 0) {
      double bound = Double.POSITIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        int j = candidates[k];
        bound = Math.min(bound, (Math.abs(state.reduced[j]) + TOLERANCE) / Math.abs(alpha[j]));
      }
      double gain = 0;
      int largest = -1;
      int kept = 0;
      int groupEnd = flipCount;
      for (int k = 0; k < count; k++) {
        int j = candidates[k];
        if (Math.abs(state.reduced[j]) <= bound * Math.abs(alpha[j])) {
          gain += Math.abs(alpha[j]) * (state.upper[j] - state.lower[j]);
          flips[groupEnd++] = j;
          if (largest < 0
              || Math.abs(alpha[j]) > Math.abs(alpha[largest])
              || (Math.abs(alpha[j]) == Math.abs(alpha[largest]) && j < largest)) {
            largest = j;
          }
        } else {
          candidates[kept++] = j;
        }
      }
      count = kept;
      if (best >= 0 && Math.abs(alpha[largest]) < 1e-7 && Math.abs(alpha[best]) > 1e-5) {
        return backTo(best);
      }
      best = largest;
      if (left - gain < 0 || count == 0) {
        if (left - gain >= 0) {
          return canAllFlip(left - gain) ? -1 : best;
        }
        return best;
      }
      left -= gain;
      flipCount = groupEnd;
    }
    return best;
  }

  /** With all of them flipped the leaving column still misses its bound. */
  private static boolean canAllFlip(double left) {
    return left > 1e-9;
  }

  /** A better pivot of a group that was to be flipped: its group stays as it is. */
  private int backTo(int column) {
    int kept = 0;
    for (int k = 0; k < flipCount; k++) {
      if (flips[k] != column) {
        flips[kept++] = flips[k];
      }
    }
    flipCount = kept;
    return column;
  }

  private void collect(
      SimplexState state, int[] touched, int touchedCount, double[] alpha, int sign) {
    count = 0;
    for (int k = 0; k < touchedCount; k++) {
      int j = touched[k];
      double value = sign * alpha[j];
      if (Math.abs(value) < PIVOT || state.lower[j] == state.upper[j]) {
        continue;
      }
      boolean candidate =
          switch (state.at[j]) {
            case SimplexState.AT_LOWER -> value > 0;
            case SimplexState.AT_UPPER -> value < 0;
            case SimplexState.FREE -> true;
            default -> false;
          };
      if (candidate) {
        candidates[count++] = j;
      }
    }
  }

  /** Columns that go to their other bound. */
  int[] flips() {
    return flips;
  }

  int flipCount() {
    return flipCount;
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;
import java.util.Arrays;

/**
 * Tries all whole numbers of a program that keep the rows which have nothing else, and solves what
 * is left.
 */
final class Enumeration {
  private static final int NEVER = Integer.MAX_VALUE;

  private final LinearProgram program;
  private final double[] most;
  private final int[] lastOfRow;
  private final double[] sums;
  private double best = Double.POSITIVE_INFINITY;
  private long tried;

  /**
   * @param most the largest value of each column; of those that are whole
   */
  Enumeration(LinearProgram program, double[] most) {
    this.program = program;
    this.most = most;
    sums = new double[program.rowCount()];
    lastOfRow = lastOfRow(program);
  }

  /** Of rows of whole numbers alone the last column; of others none. */
  private static int[] lastOfRow(LinearProgram program) {
    int[] last = new int[program.rowCount()];
    Arrays.fill(last, -1);
    for (int j = 0; j < program.columns(); j++) {
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        int row = program.rows()[k];
        last[row] = program.whole()[j] && last[row] < NEVER ? j : NEVER;
      }
    }
    return last;
  }

  /** Sets a column; false when that breaks a row of which it is the last. */
  private boolean set(double[] x, int j, double value) {
    boolean keeps = true;
    for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
      int row = program.rows()[k];
      sums[row] += program.values()[k] * (value - x[j]);
      keeps &=
          lastOfRow[row] != j
              || (sums[row] >= program.rowLower()[row] - 1e-9
                  && sums[row] <= program.rowUpper()[row] + 1e-9);
    }
    x[j] = value;
    return keeps;
  }

  /** How many combinations there are. */
  static double size(LinearProgram program, double[] most) {
    double size = 1;
    for (int j = 0; j < program.columns(); j++) {
      size *= program.whole()[j] ? most[j] + 1 : 1;
    }
    return size;
  }

  double least() {
    next(0, new double[program.columns()]);
    return best;
  }

  long tried() {
    return tried;
  }

  private void next(int column, double[] x) {
    int j = column;
    while (j < program.columns() && !program.whole()[j]) {
      j++;
    }
    if (j == program.columns()) {
      tried++;
      Solution solution = new OwnSolver().solve(program.withWholeAt(x), Limits.none());
      if (solution.hasPoint()) {
        best = Math.min(best, solution.cost());
      }
      return;
    }
    for (int value = 0; value <= most[j]; value++) {
      if (set(x, j, value)) {
        next(j + 1, x);
      }
    }
    set(x, j, 0);
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;

/** Tries all whole numbers of a program, and solves what is left. */
final class Enumeration {
  private final LinearProgram program;
  private final double[] most;
  private double best = Double.POSITIVE_INFINITY;
  private long tried;

  /**
   * @param most the largest value of each column; of those that are whole
   */
  Enumeration(LinearProgram program, double[] most) {
    this.program = program;
    this.most = most;
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
      x[j] = value;
      next(j + 1, x);
    }
  }
}

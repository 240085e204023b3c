package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import org.jspecify.annotations.Nullable;

/**
 * A first plan from the relaxation: phases of which more than a threshold is built are built whole,
 * and the linear program then places servers and work. Since phases are cumulative and in order,
 * and a threshold keeps orders, any threshold gives a sequence that may be built; which is best is
 * tried.
 */
final class Rounding {
  private static final double[] THRESHOLDS = {0.5, 0.25, 0.75, 0.1, 0.9};

  private final PlanProgram plan;
  private final Work work;

  Rounding(PlanProgram plan, Work work) {
    this.plan = plan;
    this.work = work;
  }

  /** The best plan of those tried; null when none keeps all limits. */
  double @Nullable [] start(double[] x) {
    double @Nullable [] best = null;
    double least = Double.POSITIVE_INFINITY;
    for (double threshold : THRESHOLDS) {
      Solution solution = work.ask(fixed(x, threshold));
      if (solution.hasPoint() && solution.cost() < least) {
        least = solution.cost();
        best = solution.x();
      }
    }
    return best;
  }

  private LinearProgram fixed(double[] x, double threshold) {
    double[] rounded = x.clone();
    for (int j = 0; j < x.length; j++) {
      if (plan.program().whole()[j]) {
        double floor = Math.floor(x[j] + 1e-9);
        rounded[j] = x[j] - floor > threshold ? floor + 1 : floor;
      }
    }
    return plan.program().withWholeAt(rounded);
  }
}

package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.Scaling;
import java.util.function.BooleanSupplier;

/**
 * Our own: dual simplex, and branch and bound. No native code. For programs of up to some thousand
 * rows; larger ones take long. An interruption of the thread ends it like the guard on time, and is
 * left for the caller to see.
 */
public final class OwnSolver implements Solver {
  @Override
  public String name() {
    return "Yuntai's simplex";
  }

  @Override
  public Solution solve(LinearProgram program, Limits limits) {
    long end = System.nanoTime() + (long) (limits.secondsGuard() * 1e9);
    BooleanSupplier late =
        () -> System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted();
    if (!boundsFit(program)) {
      return Solution.without(Solution.Status.INFEASIBLE, Double.POSITIVE_INFINITY, 0, false);
    }
    Scaling scaling = new Scaling(program);
    return program.wholeColumns() == 0
        ? linear(scaling, limits, late)
        : new BranchAndBound(program, scaling, limits, late).run();
  }

  private static boolean boundsFit(LinearProgram program) {
    for (int j = 0; j < program.columns(); j++) {
      if (program.lower()[j] > program.upper()[j]) {
        return false;
      }
    }
    for (int i = 0; i < program.rowCount(); i++) {
      if (program.rowLower()[i] > program.rowUpper()[i]) {
        return false;
      }
    }
    return true;
  }

  private static Solution linear(Scaling scaling, Limits limits, BooleanSupplier late) {
    DualSimplex simplex = new DualSimplex(scaling.scaled(), limits.seed());
    DualSimplex.Ended ended = simplex.run(limits.iterations(), Double.POSITIVE_INFINITY, late);
    boolean guarded = late.getAsBoolean();
    return switch (ended) {
      case OPTIMAL -> {
        double cost = scaling.plainCost(simplex.state.objective());
        yield new Solution(
            Solution.Status.OPTIMAL,
            cost,
            cost,
            scaling.plainPoint(simplex.point()),
            scaling.plainPrices(simplex.prices()),
            simplex.iterations(),
            false);
      }
      case INFEASIBLE ->
          Solution.without(
              Solution.Status.INFEASIBLE, Double.POSITIVE_INFINITY, simplex.iterations(), false);
      case UNBOUNDED ->
          Solution.without(
              Solution.Status.UNBOUNDED, Double.NEGATIVE_INFINITY, simplex.iterations(), false);
      case CUT_OFF, LIMIT ->
          Solution.without(
              Solution.Status.NOTHING, Double.NEGATIVE_INFINITY, simplex.iterations(), guarded);
    };
  }
}

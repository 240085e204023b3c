package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solution.Status;
import io.yuntai.planner.solver.SolverFailure;
import org.jspecify.annotations.Nullable;

/**
 * The search for one plan: the linear relaxation and its bound, cuts for losses of sites, whole
 * numbers, and at last the linear program with whole numbers as they are, for its prices.
 */
final class Search {
  private static final int MOST_CUT_ROUNDS = 30;

  /** Of larger programs SCIP did not solve the first node's relaxation in a minute. */
  private static final int MOST_TREE_ROWS = 8000;

  private PlanProgram plan;
  private final Work work;
  private final LossCuts lossCuts = new LossCuts();
  private double bound = Double.POSITIVE_INFINITY;

  /** Of the best plan that bears all losses; nothing is told of others. */
  private double value = Double.NEGATIVE_INFINITY;

  /** A point to begin with; null where none is known. */
  private final double @Nullable [] begin;

  /**
   * @param begin a point that keeps every limit; null where none is known
   */
  Search(PlanProgram plan, Work work, double @Nullable [] begin) {
    this.plan = plan;
    this.work = work;
    this.begin = begin;
  }

  Outcome run() {
    return switch (find()) {
      case Sought.None(Outcome why) -> why;
      case Sought.Point(Found found, double least) ->
          PlanMaker.plan(found, -least, work.solvers().name(), work.notes(found.plan().program()));
    };
  }

  /** The best point of the program. */
  Sought find() {
    if (isLarge(plan.program())) {
      return new LargeSearch(plan, work, begin).find();
    }
    work.tell(Double.NEGATIVE_INFINITY, bound, "linear relaxation");
    if (plan.inputs().rules().siteLoss()) {
      plan = plan.with(new SiteLoss(plan).firstCuts().appendedTo(plan.program()));
    }
    Solution relaxed = withCuts(plan.program().relaxed());
    if (relaxed.status() == Status.INFEASIBLE) {
      return new Sought.None(Infeasibility.explain(plan, work.solvers(), work.limits()));
    }
    if (!relaxed.hasPoint()) {
      return new Sought.None(work.unsolved(relaxed));
    }
    bound = -relaxed.bound();
    work.tell(Double.NEGATIVE_INFINITY, bound, "linear relaxation");
    double[] best = isWhole(relaxed.x()) ? relaxed.x() : byTree(relaxed);
    if (best == null) {
      return new Sought.None(
          work.isStopped()
              ? work.unsolved(relaxed)
              : Infeasibility.explain(plan, work.solvers(), work.limits()));
    }
    work.ending();
    Solution last = withCuts(plan.program().withWholeAt(best));
    if (!last.hasPoint()) {
      return new Sought.None(
          new Outcome.Unsolved(
              "The plan that was found could not be reckoned again (%s by %s); try once more, with more time."
                  .formatted(last.status(), work.solvers().name())));
    }
    Found found = new Found(plan, PlanMaker.rounded(plan.program(), last.x()), last.rowPrices());
    return new Sought.Point(found, -bound);
  }

  /** Whether a program's tree is too large. */
  static boolean isLarge(LinearProgram program) {
    return program.rowCount() > MOST_TREE_ROWS;
  }

  /** Solves a program without whole numbers, and adds cuts until no loss of a site breaks it. */
  private Solution withCuts(LinearProgram first) {
    Solution solution = work.ask(first);
    LinearProgram at = first;
    for (int round = 0; round < MOST_CUT_ROUNDS && solution.hasPoint(); round++) {
      ExtraRows cuts = lossCuts.of(plan, solution.x());
      if (cuts.size() == 0) {
        return solution;
      }
      plan = plan.with(cuts.appendedTo(plan.program()));
      at = cuts.appendedTo(at);
      solution = work.ask(at);
    }
    return solution;
  }

  /**
   * Branch and bound, with cuts for losses of sites until none is broken. What was found before a
   * stop is kept, though losses may still break it: its end finds what then has to be given up.
   */
  private double @Nullable [] byTree(Solution relaxed) {
    double @Nullable [] found = begin;
    for (int round = 0; round < MOST_CUT_ROUNDS; round++) {
      double[] start = started(relaxed);
      if (start != null) {
        found = start;
        value = new SiteLoss(plan).broken(start).isEmpty() ? -plan.program().costOf(start) : value;
        work.tell(value, bound, "rounding");
      }
      Solution solution = work.ask(plan.program(), work.limits().startingAt(start));
      if (solution.status() == Status.INFEASIBLE || !solution.hasPoint()) {
        return work.isStopped() ? found : start;
      }
      found = solution.x();
      bound = Math.min(bound, -solution.bound());
      ExtraRows cuts = lossCuts.of(plan, solution.x());
      value = cuts.size() == 0 ? -solution.cost() : value;
      work.tell(value, bound, "whole numbers");
      if (cuts.size() == 0 || work.isOver()) {
        return solution.x();
      }
      plan = plan.with(cuts.appendedTo(plan.program()));
    }
    throw new SolverFailure(
        "Losses of sites could not be borne within %d rounds of cuts.".formatted(MOST_CUT_ROUNDS));
  }

  /**
   * A point to begin with. Our own solver finds one by itself, but for goals that leave most of a
   * plan open: there all branches look alike.
   */
  private double @Nullable [] started(Solution relaxed) {
    if (Solvers.isSmall(plan.program()) && plan.inputs().rules().aims().isEmpty()) {
      return null;
    }
    double[] start = new Rounding(plan, work).start(relaxed.x());
    boolean keepsOthers =
        begin != null
            && (start == null || plan.program().costOf(begin) < plan.program().costOf(start));
    return keepsOthers ? begin : start;
  }

  private boolean isWhole(double[] x) {
    for (int j = 0; j < x.length; j++) {
      if (plan.program().whole()[j] && Math.abs(x[j] - Math.rint(x[j])) > 1e-9) {
        return false;
      }
    }
    return true;
  }
}

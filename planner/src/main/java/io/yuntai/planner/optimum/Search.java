package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solution.Status;
import io.yuntai.planner.solver.SolverFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for one plan: the linear relaxation and its bound, cuts for losses of sites, whole
 * numbers, and at last the linear program with whole numbers as they are, for its prices.
 */
final class Search {
  private static final int MOST_CUT_ROUNDS = 30;

  /** For large programs: what cuts leave open is mended in the end, and the bound holds anyway. */
  private static final int FEW_CUT_ROUNDS = 1;

  /** The same with phases as they are, where a round takes a quarter of the time. */
  private static final int LAST_CUT_ROUNDS = 5;

  /** Linear programs with phases as they are. */
  private static final int MOST_POLISHED = 30;

  /** What is left of the gap for losses of sites that are borne at last. */
  private static final double POLISHED = 0.7;

  /** Of larger programs SCIP did not solve the first node's relaxation in a minute. */
  private static final int MOST_TREE_ROWS = 8000;

  private PlanProgram plan;
  private final Solvers solvers;
  private final Effort effort;
  private final Progress.Listener listener;
  private final long begin = System.nanoTime();
  private double bound = Double.POSITIVE_INFINITY;
  private boolean guarded;
  private int polished;

  Search(PlanProgram plan, Solvers solvers, Effort effort, Progress.Listener listener) {
    this.plan = plan;
    this.solvers = solvers;
    this.effort = effort;
    this.listener = listener;
  }

  Outcome run() {
    Solution relaxed = relaxed();
    if (relaxed.status() == Status.INFEASIBLE) {
      return Infeasibility.explain(plan, solvers, limits());
    }
    if (!relaxed.hasPoint()) {
      return new Outcome.Unsolved(
          "The plan's linear relaxation was not solved (%s by %s): give it more time, or fewer sites, classes or scenarios."
              .formatted(relaxed.status(), solvers.name()));
    }
    double @Nullable [] best = whole(relaxed);
    if (best == null) {
      return Infeasibility.explain(plan, solvers, limits());
    }
    Solution last = last(best);
    if (!last.hasPoint()) {
      return new Outcome.Unsolved("The plan that was found could not be reckoned again.");
    }
    double[] x = rounded(last.x());
    List<String> notes = new ArrayList<>(solvers.notes(plan.program()));
    if (guarded) {
      notes.add(
          "The limit on time came before the limit on work: another run may find another plan.");
    }
    return PlanMaker.plan(plan, x, bound, last.rowPrices(), solvers.name(), notes);
  }

  /** The linear program with whole numbers as they are, and losses of sites borne. */
  private Solution last(double[] best) {
    LinearProgram fixed = plan.program().withWholeAt(best);
    if (!isLarge()) {
      return withCuts(fixed);
    }
    Solution solution = ask(fixed, limits());
    for (int round = 0; round < LAST_CUT_ROUNDS && solution.hasPoint(); round++) {
      ExtraRows cuts = new SiteLoss(plan).cuts(solution.x());
      if (cuts.size() == 0) {
        return solution;
      }
      plan = plan.with(cuts.appendedTo(plan.program()));
      fixed = cuts.appendedTo(fixed);
      solution = ask(fixed, limits());
    }
    return solution.hasPoint()
        ? ask(new SiteLoss(plan).repaired(fixed, solution.x()), limits())
        : solution;
  }

  private boolean isLarge() {
    return plan.program().rowCount() > MOST_TREE_ROWS;
  }

  private double[] rounded(double[] x) {
    for (int j = 0; j < x.length; j++) {
      if (plan.program().whole()[j]) {
        x[j] = Math.rint(x[j]);
      }
      x[j] = Math.min(Math.max(x[j], plan.program().lower()[j]), plan.program().upper()[j]);
    }
    return x;
  }

  private Solution ask(LinearProgram program, Limits limits) {
    Solution solution = solvers.solve(program, limits);
    guarded |= solution.guarded();
    return solution;
  }

  private Limits limits() {
    double left = effort.secondsGuard() - (System.nanoTime() - begin) / 1e9;
    long iterations = (long) (effort.work() * 2_000_000);
    return new Limits(
        effort.gap() / 2,
        iterations,
        (long) (effort.work() * 2000),
        Math.max(1, left),
        effort.seed(),
        null);
  }

  private void tell(double value, String step) {
    listener.told(new Progress(value, bound, step));
  }

  private Solution relaxed() {
    tell(Double.NEGATIVE_INFINITY, "linear relaxation");
    if (plan.inputs().rules().siteLoss()) {
      plan = plan.with(new SiteLoss(plan).firstCuts().appendedTo(plan.program()));
    }
    Solution solution = withCuts(plan.program().relaxed());
    if (solution.hasPoint()) {
      bound = -solution.bound();
      tell(Double.NEGATIVE_INFINITY, "linear relaxation");
    }
    return solution;
  }

  /** Solves a program without whole numbers, and adds cuts until no loss of a site breaks it. */
  private Solution withCuts(LinearProgram first) {
    Solution solution = ask(first, limits());
    LinearProgram at = first;
    int rounds = isLarge() ? FEW_CUT_ROUNDS : MOST_CUT_ROUNDS;
    for (int round = 0; round < rounds && solution.hasPoint(); round++) {
      ExtraRows cuts = new SiteLoss(plan).cuts(solution.x());
      if (cuts.size() == 0) {
        return solution;
      }
      plan = plan.with(cuts.appendedTo(plan.program()));
      at = cuts.appendedTo(at);
      solution = ask(at, limits());
    }
    return solution;
  }

  private double @Nullable [] whole(Solution relaxed) {
    if (isWhole(relaxed.x())) {
      return relaxed.x();
    }
    return isLarge() ? byRounding(relaxed) : byTree(relaxed);
  }

  /** Branch and bound, with cuts for losses of sites until none is broken. */
  private double @Nullable [] byTree(Solution relaxed) {
    for (int round = 0; round < MOST_CUT_ROUNDS; round++) {
      double[] start =
          Solvers.isSmall(plan.program())
              ? null
              : new Rounding(plan, solvers, limits()).start(relaxed.x());
      Solution solution = ask(plan.program(), limits().startingAt(start));
      guarded |= solution.guarded();
      if (solution.status() == Status.INFEASIBLE || !solution.hasPoint()) {
        return start;
      }
      bound = Math.min(bound, -solution.bound());
      tell(-solution.cost(), "whole numbers");
      ExtraRows cuts = new SiteLoss(plan).cuts(solution.x());
      if (cuts.size() == 0) {
        return solution.x();
      }
      plan = plan.with(cuts.appendedTo(plan.program()));
    }
    throw new SolverFailure(
        "Losses of sites could not be borne within %d rounds of cuts.".formatted(MOST_CUT_ROUNDS));
  }

  /**
   * For programs whose tree is too large: the relaxation is rounded, and its bound is the bound.
   */
  private double @Nullable [] byRounding(Solution relaxed) {
    double[] best = null;
    double least = Double.POSITIVE_INFINITY;
    double[] rounded = new Rounding(plan, solvers, limits()).first(relaxed.x());
    if (rounded != null) {
      best = rounded;
      least = plan.program().costOf(rounded);
      tell(-least, "rounding");
    }
    if (best != null && gap(least) > effort.gap() * POLISHED) {
      double enough = -bound + effort.gap() * POLISHED * Math.abs(bound);
      best = new Polish(plan, relaxed.x()).run(best, enough, this::inTime);
      tell(-plan.program().costOf(best), "site by site");
    }
    return best;
  }

  private double gap(double cost) {
    return new Progress(-cost, bound, "").gap();
  }

  private @Nullable Solution inTime(LinearProgram program) {
    if (++polished > effort.work() * MOST_POLISHED) {
      return null;
    }
    if ((System.nanoTime() - begin) / 1e9 > effort.secondsGuard()) {
      guarded = true;
      return null;
    }
    return ask(program, limits());
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

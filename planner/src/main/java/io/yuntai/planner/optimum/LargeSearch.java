package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solution.Status;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for a plan whose tree is too large. A plan to begin with comes from halls that need no
 * linear program; then the relaxation tells a bound and where halls are wanted; its rounding is
 * bettered choice by choice, each by a linear program with phases as they are (a quarter of the
 * relaxation's time), the most promising first by {@link Estimates}. What is lost with a site
 * becomes rows as solutions break them; what is still missing in the end is not promised.
 */
final class LargeSearch {
  private static final double[] SHARES = {1, 0.5, 0};

  /** For phases, and for batches: rather more servers than too few for what must be served. */
  private static final double[][] THRESHOLDS = {
    {0.5, 0.5}, {0.5, 0.02}, {0.25, 0.25}, {0.1, 0.02}, {0.75, 0.75}, {0.02, 0.02}, {0.9, 0.9}
  };

  /** Linear programs with phases as they are, for usual work. */
  private static final int MOST_SOLVED = 60;

  /** Rounds of rows for losses of sites when a plan is reckoned to its end. */
  private static final int ROUNDS = 4;

  /** Further ones where what is missing must be served, so that it can't be left out. */
  private static final int MORE_ROUNDS = 12;

  /** The same when time is up. */
  private static final int LAST_ROUNDS = 2;

  /** What a choice must be better by, as a share, to be reckoned to its end at once. */
  private static final double STEP = 0.002;

  /** How far beyond the gap a choice has to be, since losses of sites take some of it. */
  private static final double AHEAD = 0.85;

  private PlanProgram plan;
  private final Work work;
  private final Estimates estimates;
  private final Choices choices;
  private final LossCuts cuts = new LossCuts();
  private final Set<String> tried = new HashSet<>();
  private double bound = Double.POSITIVE_INFINITY;
  private @Nullable Found best;
  private int solved;
  private int relaxedRows;

  /** A point to begin with; null where none is known. */
  private final double @Nullable [] begin;

  LargeSearch(PlanProgram plan, Work work, double @Nullable [] begin) {
    this.begin = begin;
    this.plan =
        plan.inputs().rules().siteLoss()
            ? plan.with(new SiteLoss(plan).firstCuts().appendedTo(plan.program()))
            : plan;
    this.work = work;
    estimates = new Estimates(plan.program());
    choices = new Choices(plan, estimates.whole());
  }

  Sought find() {
    first();
    Solution relaxed = relaxed();
    if (relaxed.status() == Status.INFEASIBLE) {
      return new Sought.None(Infeasibility.explain(plan, work.solvers(), work.limits()));
    }
    if (relaxed.hasPoint()) {
      better(relaxed.x());
    }
    Found found = best;
    if (found == null) {
      return new Sought.None(
          relaxed.hasPoint() && !work.isStopped()
              ? Infeasibility.explain(plan, work.solvers(), work.limits())
              : work.unsolved(relaxed));
    }
    return new Sought.Point(found, -bound);
  }

  private void first() {
    work.tell(Double.NEGATIVE_INFINITY, bound, "first plan");
    if (begin != null) {
      settle(begin, 0, "first plan");
    }
    for (double share : SHARES) {
      if (best != null || work.isOver()) {
        return;
      }
      double[] halls = FirstHalls.of(plan, share);
      for (int k : estimates.whole()) {
        halls[k] = Math.max(halls[k], plan.program().lower()[k]);
      }
      settle(halls, 0, "first plan");
    }
  }

  private Solution relaxed() {
    work.tell(value(), bound, "linear relaxation");
    LinearProgram program = plan.program().relaxed();
    relaxedRows = program.rowCount();
    Solution relaxed = work.ask(program);
    if (relaxed.status() == Status.OPTIMAL) {
      bound = Math.min(bound, -relaxed.cost());
      work.tell(value(), bound, "linear relaxation");
    }
    return relaxed;
  }

  /**
   * Solves with phases as they are, and learns from it; losses of sites as far as they are rows.
   */
  private Solution evaluate(double[] choice) {
    tried.add(Arrays.toString(choice));
    solved++;
    LinearProgram program = plan.program().withWholeAt(point(choice));
    Solution solution = work.ask(program);
    learn(program, solution);
    return solution;
  }

  private void learn(LinearProgram program, Solution solution) {
    if (solution.status() == Status.OPTIMAL) {
      bound = Math.min(bound, -estimates.learn(program, solution, plan.program()));
    }
  }

  private void better(double[] x) {
    double[] at = null;
    double least = Double.POSITIVE_INFINITY;
    for (double[] threshold : THRESHOLDS) {
      double[] choice = choices.rounded(estimates.choice(x), threshold[0], threshold[1]);
      if (tried.contains(Arrays.toString(choice))) {
        continue;
      }
      Solution solution = evaluate(choice);
      if (solution.hasPoint()) {
        at = estimates.choice(solution.x());
        least = settle(solution.x(), ROUNDS, "rounding");
        break;
      }
    }
    if (at == null) {
      Solution solution = withBatches(x);
      if (solution.hasPoint()) {
        at = estimates.choice(solution.x());
        least = settle(solution.x(), ROUNDS, "whole batches");
      }
    }
    Found found = best;
    if (at == null && found != null) {
      at = estimates.choice(found.x());
      least = found.cost();
    }
    if (at != null && !isEnough(value())) {
      improve(at, least, estimates.choice(tightened(x)));
    }
  }

  /**
   * Where no rounding of batches keeps all limits: phases rounded, batches by the solver's tree.
   */
  private Solution withBatches(double[] x) {
    double[] choice = choices.rounded(estimates.choice(x), 0.5, 0.5);
    LinearProgram program = plan.program();
    double[] lower = program.lower().clone();
    double[] upper = program.upper().clone();
    for (int k = 0; k < choice.length; k++) {
      if (choices.isPhase(k)) {
        lower[estimates.whole()[k]] = choice[k];
        upper[estimates.whole()[k]] = choice[k];
      }
    }
    return work.ask(program.withBounds(lower, upper));
  }

  /** The relaxation once more, with the losses that were found to matter; its point. */
  private double[] tightened(double[] x) {
    SiteLoss losses = new SiteLoss(plan);
    plan = plan.with(cuts.of(plan, x, losses.broken(x)).appendedTo(plan.program()));
    if (plan.program().rowCount() == relaxedRows || work.isOver()) {
      return x;
    }
    Solution relaxed = relaxed();
    return relaxed.status() == Status.OPTIMAL ? relaxed.x() : x;
  }

  private void improve(double[] begin, double cost, double[] relaxed) {
    double[] at = begin;
    double least = cost;
    double settled = cost;
    double ahead = AHEAD;
    while (!isEnough(value())) {
      double[] next = mayGoOn() ? next(at, least, relaxed) : null;
      if (next != null) {
        Solution solution = evaluate(next);
        if (solution.hasPoint() && solution.cost() < least) {
          least = solution.cost();
          at = estimates.choice(solution.x());
        }
      }
      boolean isFar = -least >= bound - ahead * work.effort().gap() * Math.abs(least);
      boolean isMuch = least < settled - STEP * Math.abs(settled);
      if (least < settled && (next == null || isFar || isMuch)) {
        least = settle(point(at), ROUNDS, "choice by choice");
        settled = least;
        ahead = isFar ? ahead * AHEAD : ahead;
      }
      if (next == null) {
        return;
      }
      work.tell(value(), bound, "choice by choice");
    }
  }

  private boolean mayGoOn() {
    return solved < work.effort().work() * MOST_SOLVED && !work.isOver();
  }

  /** The most promising choice near one; null when none can be better. */
  private double @Nullable [] next(double[] at, double least, double[] relaxed) {
    record Ranked(double gain, double[] choice) {}
    List<double[]> near =
        choices.near(at, relaxed).stream()
            .map(choice -> new Ranked(least - estimates.least(choice), choice))
            .filter(one -> one.gain > 1e-6 * Math.abs(least))
            .sorted(Comparator.comparingDouble(one -> -one.gain / changes(at, one.choice)))
            .map(Ranked::choice)
            .toList();
    for (double[] choice : near) {
      if (!tried.contains(Arrays.toString(choice))) {
        return choice;
      }
    }
    return null;
  }

  private static double changes(double[] from, double[] to) {
    double sum = 0;
    for (int k = 0; k < from.length; k++) {
      sum += Math.abs(to[k] - from[k]);
    }
    return sum;
  }

  private double[] point(double[] choice) {
    double[] x = new double[plan.program().columns()];
    for (int k = 0; k < choice.length; k++) {
      x[estimates.whole()[k]] = choice[k];
    }
    return x;
  }

  /**
   * Reckons a choice to its end: rows for losses that it breaks, then without what is missing.
   *
   * @return what it costs with the rows that there are now, before what is missing is left out
   */
  private double settle(double[] x, int rounds, String step) {
    boolean isLast = work.isOver();
    if (isLast) {
      work.ending();
    }
    LinearProgram fixed = plan.program().withWholeAt(x);
    Solution solution = work.ask(fixed);
    learn(fixed, solution);
    List<LossProgram> broken = broken(solution);
    int most = isLast ? LAST_ROUNDS : rounds + MORE_ROUNDS;
    for (int round = 0; !broken.isEmpty(); round++) {
      boolean isOver = work.isOver();
      if (isOver) {
        work.ending();
      }
      if (round >= rounds || isOver) {
        Solution kept = work.ask(new SiteLoss(plan).repaired(fixed, solution.x(), broken));
        if (kept.hasPoint() && broken(kept).isEmpty()) {
          offer(kept.x(), solution.rowPrices(), step);
          return solution.cost();
        }
      }
      if (round >= most || (isOver && !isLast)) {
        return solution.cost();
      }
      ExtraRows rows = cuts.of(plan, solution.x(), broken);
      plan = plan.with(rows.appendedTo(plan.program()));
      fixed = rows.appendedTo(fixed);
      solution = work.ask(fixed);
      learn(fixed, solution);
      broken = broken(solution);
    }
    if (solution.hasPoint()) {
      offer(solution.x(), solution.rowPrices(), step);
    }
    return solution.cost();
  }

  private List<LossProgram> broken(Solution solution) {
    return solution.hasPoint() ? new SiteLoss(plan).broken(solution.x()) : List.of();
  }

  private void offer(double[] x, double[] prices, String step) {
    Found found = new Found(plan, PlanMaker.rounded(plan.program(), x), prices);
    Found before = best;
    if (before == null || found.cost() < before.cost()) {
      best = found;
      work.tell(value(), bound, step);
    }
  }

  private double value() {
    Found found = best;
    return found == null ? Double.NEGATIVE_INFINITY : -found.cost();
  }

  private boolean isEnough(double value) {
    return new Progress(value, bound, "").gap() <= work.effort().gap();
  }
}

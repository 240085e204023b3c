package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goals one before the other (lexicographic, or preemptive, goals): the first is made as good as it
 * can be; what was reached becomes a row of the program, within the tolerance of the rules, and
 * then the next is looked for, with the plan before as a start.
 */
final class RankedGoals {
  private final List<Aim> aims;
  private final double tolerance;
  private final Effort effort;
  private final Progress.Listener listener;
  private final AimVectors vectors;
  private final List<Plan.Reached> reached = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private PlanProgram plan;
  private Work work;
  private @Nullable Found found;

  RankedGoals(PlanProgram plan, Solvers solvers, Effort effort, Progress.Listener listener) {
    this.plan = plan;
    this.effort = effort;
    this.listener = listener;
    aims = plan.inputs().rules().aims();
    tolerance = plan.inputs().rules().aimTolerance();
    vectors = new AimVectors(plan);
    work = new Work(solvers, effort, listener);
  }

  Outcome run() {
    for (int i = 0; i < aims.size(); i++) {
      Outcome failed = next(i);
      if (failed != null) {
        return failed;
      }
    }
    double[] prices = prices();
    return PlanMaker.ranked(
        Objects.requireNonNull(found), vectors, reached, prices, work.solvers().name(), notes);
  }

  /** Looks for one of the goals; why there can be no plan, or null. */
  private @Nullable Outcome next(int i) {
    Aim aim = aims.get(i);
    double[] vector = vectors.of(aim);
    PlanProgram wanted = plan.with(plan.program().withCost(vector));
    Found before = found;
    double bound = Double.NEGATIVE_INFINITY;
    Found now;
    if (before != null && work.isStopped()) {
      now = asItIs(wanted, before);
      bound = relaxed(wanted);
    } else {
      work = work.next(effort.secondsGuard() / aims.size(), told(i));
      Sought sought = new Search(wanted, work, before == null ? null : before.x()).find();
      switch (sought) {
        case Sought.Point(Found point, double least) -> {
          now = point;
          bound = least;
        }
        case Sought.None(Outcome why) -> {
          if (before == null) {
            return why;
          }
          now = asItIs(wanted, before);
          bound = relaxed(wanted);
        }
      }
    }
    for (String note : work.notes(wanted.program())) {
      if (!notes.contains(note)) {
        notes.add(note);
      }
    }
    double amount = AimVectors.amount(vector, now.x());
    reached.add(new Plan.Reached(aim, amount, Math.min(amount, bound), amount));
    double most = AimVectors.most(amount, AimVectors.size(vector, now.x()), tolerance);
    LinearProgram kept = AimVectors.keeping(now.plan().program(), aim, vector, most);
    plan = now.plan().with(kept);
    found = now;
    return null;
  }

  private Progress.Listener told(int i) {
    String goal = "goal %d of %d, %s: ".formatted(i + 1, aims.size(), aims.get(i).text());
    return progress ->
        listener.told(new Progress(progress.value(), progress.bound(), goal + progress.step()));
  }

  /** The goal with the halls and batches that were decided for those before it. */
  private Found asItIs(PlanProgram wanted, Found before) {
    work.ending();
    Solution solution = work.ask(wanted.program().withWholeAt(before.x()));
    return solution.hasPoint() && new SiteLoss(wanted).broken(solution.x()).isEmpty()
        ? new Found(wanted, PlanMaker.rounded(wanted.program(), solution.x()), new double[0])
        : new Found(wanted, before.x(), new double[0]);
  }

  /** What no plan's amount is below; minus infinity where that is not known. */
  private double relaxed(PlanProgram wanted) {
    work.ending();
    Solution solution = work.ask(wanted.program().relaxed());
    return solution.status() == Solution.Status.OPTIMAL
        ? solution.cost()
        : Double.NEGATIVE_INFINITY;
  }

  /** Of the program's rows, by money, with all goals kept and whole numbers as they are. */
  private double[] prices() {
    Found last = Objects.requireNonNull(found);
    work.ending();
    LinearProgram money = plan.program().withCost(vectors.ofGoal());
    Solution solution = work.ask(money.withWholeAt(last.x()));
    return solution.hasPoint() ? solution.rowPrices() : new double[0];
  }
}

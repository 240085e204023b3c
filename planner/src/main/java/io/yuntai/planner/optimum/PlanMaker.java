package io.yuntai.planner.optimum;

import io.yuntai.planner.audit.Audit;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.statements.Aims;
import io.yuntai.planner.statements.Goals;
import io.yuntai.planner.statements.Statements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a plan of a solution: decisions, statements, audit. What the audit refuses is no plan. */
final class PlanMaker {
  /** How far the value by statements may be from that of the program. */
  private static final double EQUAL = 1e-6;

  private static final double OPTIMAL = 1e-4;

  private PlanMaker() {}

  /**
   * The plan, or why it is none.
   *
   * @param found a point of the program with its whole numbers whole
   * @param bound that no plan's value is above
   */
  static Outcome plan(Found found, double bound, String solver, List<String> notes) {
    PlanInputs inputs = found.plan().inputs();
    Decisions decisions = decisions(found);
    List<Statement> statements = Statements.of(inputs, decisions);
    double value = Goals.value(inputs, statements);
    double told = -found.cost();
    if (Math.abs(value - told) > EQUAL * Math.max(1, size(statements))) {
      return differs(solver, value, told);
    }
    return made(
        found, decisions, statements, value, bound, found.prices(), solver, List.of(), notes);
  }

  /**
   * The plan of goals that go one before the other, or why it is none.
   *
   * @param vectors of the program
   * @param reached what was found for each of them
   * @param prices of the program's rows by money; empty where not known
   */
  static Outcome ranked(
      Found found,
      AimVectors vectors,
      List<Plan.Reached> reached,
      double[] prices,
      String solver,
      List<String> notes) {
    PlanInputs inputs = found.plan().inputs();
    Decisions decisions = decisions(found);
    List<Statement> statements = Statements.of(inputs, decisions);
    Aims aims = new Aims(inputs, decisions, statements);
    List<Plan.Reached> all = new ArrayList<>();
    Plan.@Nullable Reached main = null;
    for (Plan.Reached one : reached) {
      double amount = aims.amount(one.aim());
      double[] vector = vectors.of(one.aim());
      double told = AimVectors.amount(vector, found.x());
      double size = one.aim().isMoney() ? size(statements) : AimVectors.size(vector, found.x());
      // What servers are worth in the end and the threshold of the worst scenarios are columns at
      // their best only where they were looked for last: else the program tells less than there is.
      double off = one.aim().isMoney() ? amount - told : Math.abs(amount - told);
      if (off > EQUAL * Math.max(1, size)) {
        return differs(solver, -amount, -told);
      }
      Plan.Reached now = new Plan.Reached(one.aim(), one.found(), one.bound(), amount);
      all.add(now);
      main = main == null && one.aim().isMoney() ? now : main;
    }
    if (main == null) {
      throw new IllegalStateException("rules have a goal of money");
    }
    List<String> told = new ArrayList<>(GoalNotes.of(inputs, all));
    told.addAll(notes);
    return made(
        found, decisions, statements, -main.amount(), -main.bound(), prices, solver, all, told);
  }

  private static Decisions decisions(Found found) {
    return DecisionReader.read(
        found.plan(), found.x(), new SiteLoss(found.plan()).afterLoss(found.x()));
  }

  private static Outcome.Unsolved differs(String solver, double value, double told) {
    return new Outcome.Unsolved(
        "The plan that %s found is worth %s by its statements and %s by its program, so it is refused."
            .formatted(solver, value, told));
  }

  private static Outcome made(
      Found found,
      Decisions decisions,
      List<Statement> statements,
      double value,
      double bound,
      double[] prices,
      String solver,
      List<Plan.Reached> reached,
      List<String> notes) {
    PlanInputs inputs = found.plan().inputs();
    if (!Double.isFinite(bound)) {
      return new Outcome.Unsolved(
          "%s found a plan, but not how much better another may be, so it is not told: give it more time."
              .formatted(solver));
    }
    List<String> broken = Audit.of(inputs, decisions, statements, reached);
    if (!broken.isEmpty()) {
      return new Outcome.Unsolved(
          "The plan that %s found does not keep all limits when reckoned in decimals (%s), so it is refused."
              .formatted(solver, broken.getFirst()));
    }
    // Rounding must not let a bound be below a value that was reached.
    double safe = Math.max(bound, value);
    boolean optimal = safe - value <= OPTIMAL * Math.max(1e-9, Math.abs(value));
    return new Outcome.Planned(
        new Plan(
            inputs,
            optimal ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE,
            value,
            safe,
            solver,
            decisions,
            statements,
            UnitCosts.of(found.plan(), decisions, statements, prices),
            reached,
            notes));
  }

  /** A solver's point with its whole numbers whole, and within its bounds. */
  static double[] rounded(LinearProgram program, double[] point) {
    double[] x = point.clone();
    for (int j = 0; j < x.length; j++) {
      if (program.whole()[j]) {
        x[j] = Math.rint(x[j]);
      }
      x[j] = Math.min(Math.max(x[j], program.lower()[j]), program.upper()[j]);
    }
    return x;
  }

  /** The size of the sums that cancel out in a value. */
  private static double size(List<Statement> statements) {
    double most = 0;
    for (Statement one : statements) {
      double sum = Math.abs(one.netPresentValue());
      for (Statement.Quarter quarter : one.quarters()) {
        sum = Math.max(sum, quarter.revenue() + quarter.costs() + quarter.capitalSpending());
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}

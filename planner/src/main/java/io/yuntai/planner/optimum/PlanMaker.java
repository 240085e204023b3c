package io.yuntai.planner.optimum;

import io.yuntai.planner.audit.Audit;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.statements.Goals;
import io.yuntai.planner.statements.Statements;
import java.util.List;

/** Makes a plan of a solution: decisions, statements, audit. What the audit refuses is no plan. */
final class PlanMaker {
  /** How far the value by statements may be from that of the program. */
  private static final double EQUAL = 1e-6;

  private static final double OPTIMAL = 1e-4;

  private PlanMaker() {}

  /**
   * The plan, or why it is none.
   *
   * @param x a point of the program with its whole numbers whole
   * @param bound that no plan's value is above
   * @param prices of the program's rows with whole numbers as they are; empty where not known
   */
  static Outcome plan(
      PlanProgram program,
      double[] x,
      double bound,
      double[] prices,
      String solver,
      List<String> notes) {
    if (!Double.isFinite(bound)) {
      return new Outcome.Unsolved(
          "%s found a plan, but not how much better another may be, so it is not told: give it more time."
              .formatted(solver));
    }
    PlanInputs inputs = program.inputs();
    List<Decisions.AfterLoss> afterLoss = new SiteLoss(program).afterLoss(x);
    Decisions decisions = DecisionReader.read(program, x, afterLoss);
    List<Statement> statements = Statements.of(inputs, decisions);
    List<String> broken = Audit.of(inputs, decisions, statements);
    if (!broken.isEmpty()) {
      return new Outcome.Unsolved(
          "The plan that %s found does not keep all limits when reckoned in decimals (%s), so it is refused."
              .formatted(solver, broken.getFirst()));
    }
    double value = Goals.value(inputs, statements);
    double told = -program.program().costOf(x);
    if (Math.abs(value - told) > EQUAL * Math.max(1, size(statements))) {
      return new Outcome.Unsolved(
          "The plan that %s found is worth %s by its statements and %s by its program, so it is refused."
              .formatted(solver, value, told));
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
            UnitCosts.of(program, decisions, statements, prices),
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

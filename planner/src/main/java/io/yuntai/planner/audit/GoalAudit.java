package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.statements.Aims;
import io.yuntai.planner.statements.Decimals;
import java.util.List;

/** Whether goals that go one before the other are kept, each within the tolerance of the rules. */
final class GoalAudit {
  /** What solvers may miss, as a share of what is added up. */
  private static final double ALLOWED = 1e-6;

  private GoalAudit() {}

  static void run(
      PlanInputs inputs,
      Decisions decisions,
      List<Statement> statements,
      List<Plan.Reached> reached,
      Findings findings) {
    List<Aim> aims = reached.stream().map(Plan.Reached::aim).toList();
    if (!aims.equals(inputs.rules().aims())) {
      findings.broken(
          "goals are %s, and %s were looked for".formatted(inputs.rules().aims(), aims));
    }
    Aims amounts = new Aims(inputs, decisions, statements);
    for (Plan.Reached one : reached) {
      double size = one.aim().isMoney() ? turnover(statements) : Math.abs(one.found());
      double most =
          one.found()
              + inputs.rules().aimTolerance() * Math.abs(one.found())
              + ALLOWED * Math.max(1, size);
      findings.atMost(
          Decimals.of(amounts.amount(one.aim())),
          Decimals.of(most),
          "what the goal '%s' is to have least".formatted(one.aim().text()));
    }
  }

  private static double turnover(List<Statement> statements) {
    double most = 0;
    for (Statement one : statements) {
      double sum = Math.abs(one.netPresentValue());
      for (Statement.Quarter quarter : one.quarters()) {
        sum += quarter.revenue() + quarter.costs() + quarter.capitalSpending();
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}

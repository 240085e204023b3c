package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;
import java.util.List;

/** Checks decisions against every limit of the inputs. */
public final class Audit {
  private Audit() {}

  /**
   * The limits that decisions break, a sentence each; empty for a feasible plan.
   *
   * @param statements that were made from the same decisions
   * @param reached what was found for goals that go one before the other
   */
  public static List<String> of(
      PlanInputs inputs,
      Decisions decisions,
      List<Statement> statements,
      List<Plan.Reached> reached) {
    Findings findings = new Findings();
    for (int s = 0; s < inputs.scenarios().size(); s++) {
      Scenario scenario = inputs.scenarios().get(s);
      Stocks stocks = new Stocks(inputs, decisions, scenario.name());
      Served served = new Served(inputs, decisions, stocks);
      new AssetAudit(inputs, decisions, scenario, stocks, findings).run();
      new ServiceAudit(inputs, decisions, scenario, stocks, served, findings).run();
      new RuleAudit(inputs, scenario, stocks, served, findings).run();
      if (inputs.rules().siteLoss()) {
        new LossAudit(inputs, decisions, scenario, stocks, served, findings).run();
      }
      money(inputs, statements.get(s), findings);
    }
    GoalAudit.run(inputs, decisions, statements, reached, findings);
    return findings.sentences();
  }

  private static void money(PlanInputs inputs, Statement statement, Findings findings) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int t = 0; t < statement.quarters().size(); t++) {
      Statement.Quarter quarter = statement.quarters().get(t);
      BigDecimal spent = Decimals.of(quarter.capitalSpending());
      sum = sum.add(spent);
      String when = " in %s of %s".formatted(quarter.label(), statement.scenario());
      double budget = inputs.finance().budget().at(t);
      if (Double.isFinite(budget)) {
        findings.atMost(spent, Decimals.of(budget), "capital spending" + when);
      }
      findings.atMost(
          Decimals.of(quarter.credit()),
          Decimals.of(inputs.finance().creditLine()),
          "credit" + when);
      if (inputs.finance().watchesCash()) {
        findings.atMost(
            Decimals.of(inputs.finance().cashFloor()),
            Decimals.of(quarter.cash()),
            "the cash floor against cash" + when);
      }
    }
    if (Double.isFinite(inputs.finance().totalBudget())) {
      findings.atMost(
          sum,
          Decimals.of(inputs.finance().totalBudget()),
          "capital spending in all of " + statement.scenario());
    }
  }
}

package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.plan.Statement.Quarter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Makes the statements of a plan from its decisions, scenario by scenario. */
public final class Statements {
  private final PlanInputs inputs;
  private final Decisions decisions;

  private Statements(PlanInputs inputs, Decisions decisions) {
    this.inputs = inputs;
    this.decisions = decisions;
  }

  /** One for each scenario, in the inputs' order. */
  public static List<Statement> of(PlanInputs inputs, Decisions decisions) {
    Statements statements = new Statements(inputs, decisions);
    return inputs.scenarios().stream().map(statements::of).toList();
  }

  private Statement of(Scenario scenario) {
    Stocks stocks = new Stocks(inputs, decisions, scenario.name());
    Running running = new Running(inputs, decisions, scenario, stocks);
    Assets assets = new Assets(inputs, decisions, scenario, stocks);
    Discounting discounting = new Discounting(inputs.finance().discountPerYear());
    int length = inputs.horizon().length();
    BigDecimal[] credit = credit(stocks);
    BigDecimal cash = Decimals.of(inputs.finance().openingCash());
    BigDecimal drawnBefore = BigDecimal.ZERO;
    BigDecimal value = BigDecimal.ZERO;
    List<Quarter> quarters = new ArrayList<>();
    double[] flows = new double[length];
    for (int t = 0; t < length; t++) {
      BigDecimal interest = Decimals.times(credit[t], inputs.finance().interestPerYear() / 4);
      BigDecimal profit =
          running
              .profit(t)
              .subtract(interest)
              .subtract(assets.serverDepreciation(t))
              .subtract(assets.hallDepreciation(t));
      BigDecimal tax = Decimals.times(profit, inputs.finance().taxRate());
      BigDecimal flow =
          running
              .profit(t)
              .subtract(interest)
              .subtract(tax)
              .subtract(assets.serversPaid(t))
              .subtract(assets.hallsPaid(t));
      cash = cash.add(flow).add(credit[t]).subtract(drawnBefore);
      drawnBefore = credit[t];
      value = value.add(Decimals.times(flow, discounting.middle(t)));
      flows[t] = flow.doubleValue();
      quarters.add(quarter(t, running, assets, interest, tax, flow, cash, credit[t]));
    }
    BigDecimal terminal = assets.terminalValue();
    value = value.add(Decimals.times(terminal, discounting.end(length)));
    return new Statement(
        scenario.name(),
        quarters,
        terminal.doubleValue(),
        value.doubleValue(),
        Returns.internalRate(flows, terminal.doubleValue()),
        Returns.paybackQuarters(flows));
  }

  private BigDecimal[] credit(Stocks stocks) {
    BigDecimal[] credit = new BigDecimal[inputs.horizon().length()];
    java.util.Arrays.fill(credit, BigDecimal.ZERO);
    for (Decisions.Credit one : decisions.credit()) {
      if (stocks.holds(one.scenario(), one.quarter())) {
        credit[one.quarter()] = credit[one.quarter()].add(Decimals.of(one.drawn()));
      }
    }
    return credit;
  }

  private Quarter quarter(
      int t,
      Running running,
      Assets assets,
      BigDecimal interest,
      BigDecimal tax,
      BigDecimal flow,
      BigDecimal cash,
      BigDecimal credit) {
    BigDecimal equity =
        cash.add(assets.serverAssets(t))
            .add(assets.hallAssets(t))
            .add(assets.inConstruction(t))
            .subtract(assets.payables(t))
            .subtract(credit);
    return new Quarter(
        inputs.horizon().label(t),
        running.revenue(t).doubleValue(),
        running.energy(t).doubleValue(),
        running.staff(t).doubleValue(),
        running.hallUpkeep(t).doubleValue(),
        running.serverUpkeep(t).doubleValue(),
        running.network(t).doubleValue(),
        running.rent(t).doubleValue(),
        running.penalties(t).doubleValue(),
        interest.doubleValue(),
        assets.serverDepreciation(t).doubleValue(),
        assets.hallDepreciation(t).doubleValue(),
        tax.doubleValue(),
        assets.serversPaid(t).doubleValue(),
        assets.hallsPaid(t).doubleValue(),
        flow.doubleValue(),
        cash.doubleValue(),
        credit.doubleValue(),
        assets.serverAssets(t).doubleValue(),
        assets.hallAssets(t).doubleValue(),
        assets.inConstruction(t).doubleValue(),
        assets.payables(t).doubleValue(),
        equity.doubleValue());
  }
}

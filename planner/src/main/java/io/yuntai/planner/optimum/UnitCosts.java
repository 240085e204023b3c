package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.plan.UnitCost;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a million units cost, in three meanings. */
final class UnitCosts {
  private final PlanProgram program;
  private final PlanInputs inputs;
  private final Map<String, Double> units = new HashMap<>();
  private final Map<String, Double> serverHours = new HashMap<>();
  private double allServerHours;

  private UnitCosts(PlanProgram program) {
    this.program = program;
    inputs = program.inputs();
  }

  static List<UnitCost> of(
      PlanProgram program, Decisions decisions, List<Statement> statements, double[] prices) {
    UnitCosts costs = new UnitCosts(program);
    decisions.work().forEach(costs::work);
    decisions.busy().forEach(costs::busy);
    List<UnitCost> all = new ArrayList<>();
    for (WorkClass work : inputs(program)) {
      double amount = costs.units.getOrDefault(work.name(), 0.0);
      if (amount > 0) {
        all.add(costs.of(work, amount, statements, prices));
      }
    }
    return all;
  }

  private static List<WorkClass> inputs(PlanProgram program) {
    return program.inputs().classes();
  }

  private double weight(String scenario, int quarter) {
    Node node = program.tree().node(scenario, quarter);
    return node.probability() * inputs.finance().discount(quarter);
  }

  private double hours(String block) {
    return inputs.blocks().stream()
        .filter(one -> one.name().equals(block))
        .mapToDouble(LoadBlock::hours)
        .sum();
  }

  private void work(Decisions.Work one) {
    double millions = one.unitsPerSecond() * hours(one.block()) * 3600 / 1e6;
    units.merge(one.workClass(), millions * weight(one.scenario(), one.quarter()), Double::sum);
  }

  private void busy(Decisions.Busy one) {
    double amount = one.servers() * hours(one.block()) * weight(one.scenario(), one.quarter());
    serverHours.merge(one.workClass(), amount, Double::sum);
    allServerHours += amount;
  }

  private UnitCost of(WorkClass work, double amount, List<Statement> statements, double[] prices) {
    double share =
        allServerHours == 0 ? 0 : serverHours.getOrDefault(work.name(), 0.0) / allServerHours;
    double running = 0;
    double capital = 0;
    for (int s = 0; s < statements.size(); s++) {
      double probability = inputs.scenarios().get(s).probability();
      Statement one = statements.get(s);
      for (int t = 0; t < one.quarters().size(); t++) {
        double weight = probability * inputs.finance().discount(t);
        running += weight * (one.quarters().get(t).costs() - one.quarters().get(t).penalties());
        capital += weight * one.quarters().get(t).capitalSpending();
      }
      capital -=
          probability
              * one.terminalValue()
              * inputs.finance().discountAtEnd(inputs.horizon().length());
    }
    return new UnitCost(
        work.name(),
        1e6 * (running + capital) * share / amount,
        marginal(work, amount, prices),
        1e6 * running * share / amount);
  }

  /** The price of demand, weighted by what is asked for. */
  private double marginal(WorkClass work, double amount, double[] prices) {
    if (prices.length == 0) {
      return Double.NaN;
    }
    int w = inputs.classes().indexOf(work);
    double sum = 0;
    double asked = 0;
    for (Node node : program.tree().nodes()) {
      double weight = node.probability() * inputs.finance().discount(node.quarter());
      double kept = 1 - inputs.finance().taxRate();
      for (int r = 0; r < inputs.regions().size(); r++) {
        for (int k = 0; k < inputs.blocks().size(); k++) {
          int row = program.demandRow()[w][r][k][node.index()];
          LoadBlock block = inputs.blocks().get(k);
          double demand =
              inputs
                  .demand()
                  .at(
                      work.name(),
                      inputs.regions().get(r),
                      block.name(),
                      node.quarter(),
                      node.scenario());
          if (row < 0 || demand == 0) {
            continue;
          }
          // The price of one unit a second more all through the block, less what it would earn.
          double price = prices[row] / program.unit()[w] * (work.movable() ? block.hours() : 1);
          double earned =
              inputs.rules().goal() == io.yuntai.planner.plan.Rules.Goal.VALUE
                  ? MoneyPart.ofUnits(work.price().at(node.quarter()), block.hours())
                      * kept
                      * weight
                  : 0;
          sum += demand * (price + earned) / kept;
          asked += demand * block.hours() * 3600 / 1e6 * weight;
        }
      }
    }
    return asked == 0 || amount == 0 ? Double.NaN : 1e6 * sum / asked;
  }
}

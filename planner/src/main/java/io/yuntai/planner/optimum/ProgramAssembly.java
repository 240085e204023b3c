package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ProgramBuilder;
import java.util.ArrayList;
import java.util.List;

/** What the parts of the program share while it is put together, and the order of the parts. */
final class ProgramAssembly {
  final PlanInputs inputs;
  final ScenarioTree tree;
  final ProgramBuilder builder = new ProgramBuilder();
  final PlanColumns columns;
  final List<PlanProgram.LimitRow> limits = new ArrayList<>();
  final MoneyPart money;

  /** By class: units a second that one of the program's stands for, about what a server serves. */
  final double[] unit;

  ProgramAssembly(PlanInputs inputs) {
    this.inputs = inputs;
    tree = inputs.tree();
    columns = new PlanColumns(inputs, tree);
    unit = inputs.classes().stream().mapToDouble(work -> unit(work.name())).toArray();
    money = new MoneyPart(this);
  }

  PlanProgram build() {
    new BasePart(this).add();
    new HallPart(this).add();
    new StockPart(this).add();
    new EndPart(this).add();
    ServicePart service = new ServicePart(this);
    service.add();
    new ContractPart(this, service).add();
    new RulePart(this).add();
    money.finish();
    return new PlanProgram(
        inputs, tree, builder.build(), columns, limits, service.demandRows(), unit);
  }

  private double unit(String work) {
    double most = inputs.chips().stream().mapToDouble(chip -> chip.rate(work)).max().orElse(0);
    for (Contract contract : inputs.contracts()) {
      if (contract.kind() != Contract.Kind.API) {
        most = Math.max(most, contract.unitsPerSecond().getOrDefault(work, 0.0));
      }
    }
    return most == 0 ? 1 : Math.scalb(1.0, Math.getExponent(most));
  }

  /** Names a row as a limit, unless it is without limit. */
  void limit(int row, String name, String unit, double amount, double perUnit) {
    if (Double.isFinite(amount)) {
      limits.add(new PlanProgram.LimitRow(row, name, unit, amount, perUnit));
    }
  }

  /** A quarter for people, with the scenario where there are several. */
  String when(Node node) {
    String label = inputs.horizon().label(node.quarter());
    return inputs.scenarios().size() == 1 ? label : label + " of " + node.scenario().name();
  }

  boolean isBuilding(Node node) {
    return node.quarter() < inputs.horizon().quarters();
  }

  /** Hours of a quarter. */
  double hours() {
    return inputs.blocks().stream().mapToDouble(block -> block.hours()).sum();
  }
}

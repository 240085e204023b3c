package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;

/** What stands when the plan begins, and costs whatever is decided: a column that is always 1. */
final class BasePart {
  private final ProgramAssembly assembly;

  BasePart(ProgramAssembly assembly) {
    this.assembly = assembly;
  }

  void add() {
    int column = assembly.builder.column("what stands already", 0, 1, 1, false);
    for (Node node : assembly.tree.nodes()) {
      double keeping = 0;
      double writtenOff = 0;
      for (Site site : assembly.inputs.sites()) {
        keeping +=
            site.openMegawatts() * (site.staffPerMegawattYear() + site.upkeepPerMegawattYear()) / 4;
        for (Installed one : site.installed()) {
          Chip chip = assembly.inputs.chip(one.chip());
          int quartersLeft = chip.bookQuarters() - one.ageQuarters();
          if (node.quarter() < quartersLeft) {
            writtenOff += one.bookValue() / quartersLeft;
          }
        }
      }
      assembly.money.cost(column, node, keeping);
      assembly.money.depreciation(column, node, node.quarter(), writtenOff);
    }
  }
}

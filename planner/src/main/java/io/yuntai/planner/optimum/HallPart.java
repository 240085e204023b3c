package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;

/** Phases of sites: begun once, in their order; paid by milestones, kept, and written off. */
final class HallPart {
  private final ProgramAssembly assembly;

  HallPart(ProgramAssembly assembly) {
    this.assembly = assembly;
  }

  void add() {
    for (int s = 0; s < assembly.inputs.sites().size(); s++) {
      Site site = assembly.inputs.sites().get(s);
      for (int p = 0; p < site.phases().size(); p++) {
        for (Node node : assembly.tree.nodes()) {
          column(s, p, node);
        }
      }
    }
  }

  /** Whether a phase may be begun in a quarter, and still opens within the plan. */
  static boolean mayBegin(Phase phase, int quarter, int building, int length) {
    return quarter >= phase.earliestQuarter()
        && quarter < building
        && quarter + phase.leadQuarters() < length;
  }

  private void column(int s, int p, Node node) {
    Site site = assembly.inputs.sites().get(s);
    Phase phase = site.phases().get(p);
    int length = assembly.inputs.horizon().length();
    int[] byNode = assembly.columns.phase[s][p];
    int before = node.parent() < 0 ? -1 : byNode[node.parent()];
    if (!mayBegin(phase, node.quarter(), assembly.inputs.horizon().quarters(), length)) {
      // After the last quarter in which it may begin, what was begun by then stands for it.
      byNode[node.index()] = before;
      return;
    }
    String name = "%s of %s by %s".formatted(phase.name(), site.name(), assembly.when(node));
    int column = assembly.builder.column(name, 0, 0, 1, true);
    byNode[node.index()] = column;
    money(column, before, site, phase, node);
    if (before >= 0) {
      int row = assembly.builder.row("once " + name, 0, Double.POSITIVE_INFINITY);
      assembly.builder.entry(row, column, 1);
      assembly.builder.entry(row, before, -1);
    }
    int first = p == 0 ? -1 : assembly.columns.phase[s][p - 1][node.index()];
    if (first >= 0) {
      int row = assembly.builder.row("in order " + name, 0, Double.POSITIVE_INFINITY);
      assembly.builder.entry(row, first, 1);
      assembly.builder.entry(row, column, -1);
    } else if (p > 0) {
      assembly.builder.atMost(column, 0);
    }
  }

  /** What beginning in this quarter costs: on this column, and off the column before. */
  private void money(int column, int before, Site site, Phase phase, Node node) {
    for (int m = 0; m < phase.milestones().size(); m++) {
      double amount = phase.price() * phase.milestones().get(m);
      assembly.money.capital(column, node, node.quarter() + m, amount);
      if (before >= 0) {
        assembly.money.capital(before, node, node.quarter() + m, -amount);
      }
    }
    int length = assembly.inputs.horizon().length();
    int opens = node.quarter() + phase.leadQuarters();
    double keeping =
        phase.megawatts() * (site.staffPerMegawattYear() + site.upkeepPerMegawattYear()) / 4;
    for (int t = opens; t < length; t++) {
      boolean writtenOff = t - opens >= phase.bookQuarters();
      both(column, before, node, t, keeping, writtenOff ? 0 : phase.price() / phase.bookQuarters());
    }
    if (assembly.inputs.finance().terminal() != Finance.Terminal.NONE) {
      double left =
          phase.price() * Math.max(0, 1 - (length - opens) / (double) phase.bookQuarters());
      for (int s = 0; s < assembly.inputs.scenarios().size(); s++) {
        if (assembly.tree.passes(s, node)) {
          assembly.money.endValue(column, s, left);
          if (before >= 0) {
            assembly.money.endValue(before, s, -left);
          }
        }
      }
    }
  }

  private void both(int column, int before, Node node, int t, double keeping, double writtenOff) {
    assembly.money.cost(column, node, t, keeping);
    assembly.money.depreciation(column, node, t, writtenOff);
    if (before >= 0) {
      assembly.money.cost(before, node, t, -keeping);
      assembly.money.depreciation(before, node, t, -writtenOff);
    }
  }
}

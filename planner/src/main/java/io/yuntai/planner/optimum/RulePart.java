package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.program.ProgramBuilder;

/** Shares of vendors, renewable power, carbon. */
final class RulePart {
  private final ProgramAssembly assembly;
  private final ProgramBuilder builder;
  private final Rules rules;

  RulePart(ProgramAssembly assembly) {
    this.assembly = assembly;
    builder = assembly.builder;
    rules = assembly.inputs.rules();
  }

  void add() {
    rules.vendorShare().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(entry -> vendor(entry.getKey(), entry.getValue()));
    for (Node node : assembly.tree.nodes()) {
      renewable(node);
      carbon(node);
    }
  }

  /** {@code power of the vendor <= share x power of all}, at the end of each scenario. */
  private void vendor(String vendor, double share) {
    int last = assembly.inputs.horizon().length() - 1;
    for (Node node : assembly.tree.nodes()) {
      if (node.quarter() != last) {
        continue;
      }
      int row =
          builder.row(
              "share of %s in %s".formatted(vendor, assembly.when(node)),
              Double.NEGATIVE_INFINITY,
              0);
      for (int h = 0; h < assembly.inputs.chips().size(); h++) {
        Chip chip = assembly.inputs.chips().get(h);
        double part = (chip.vendor().equals(vendor) ? 1 : 0) - share;
        for (int s = 0; s < assembly.inputs.sites().size(); s++) {
          int stock = assembly.columns.stock[h][s][node.index()];
          if (stock >= 0) {
            builder.entry(row, stock, part * chip.kilowatts() / 1000);
          }
        }
      }
    }
  }

  private void renewable(Node node) {
    if (rules.leastRenewable() > 0) {
      int row =
          builder.row("renewable power in " + assembly.when(node), 0, Double.POSITIVE_INFINITY);
      for (Site site : assembly.inputs.sites()) {
        energy(row, site, node, site.renewableShare() - rules.leastRenewable());
      }
    }
  }

  private void carbon(Node node) {
    double most = rules.mostCarbon().at(node.quarter());
    if (Double.isFinite(most)) {
      String name = "carbon in " + assembly.when(node);
      int row = builder.row(name, Double.NEGATIVE_INFINITY, most);
      assembly.limit(row, name, "t", most, 1);
      for (Site site : assembly.inputs.sites()) {
        energy(row, site, node, site.carbonPerMegawattHour());
      }
    }
  }

  /** Enters a multiple of a site's megawatt-hours of a quarter. */
  private void energy(int row, Site site, Node node, double factor) {
    int s = assembly.inputs.sites().indexOf(site);
    for (int h = 0; h < assembly.inputs.chips().size(); h++) {
      Chip chip = assembly.inputs.chips().get(h);
      int stock = assembly.columns.stock[h][s][node.index()];
      if (stock < 0) {
        continue;
      }
      double megawatts = chip.kilowatts() / 1000 * site.pue() * factor;
      builder.entry(row, stock, megawatts * chip.idleShare() * assembly.hours());
      for (int k = 0; k < assembly.inputs.blocks().size(); k++) {
        LoadBlock block = assembly.inputs.blocks().get(k);
        for (int w = 0; w < assembly.inputs.classes().size(); w++) {
          int busy = assembly.columns.busy[w][h][s][k][node.index()];
          if (busy >= 0) {
            builder.entry(row, busy, megawatts * (1 - chip.idleShare()) * block.hours());
          }
        }
      }
    }
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.ScenarioTree.Node;

/**
 * What servers are worth in the end. Of those that were bought the dearest are taken to be still
 * there; servers that stood there at first are worth nothing in the end.
 */
final class EndPart {
  private final ProgramAssembly assembly;

  EndPart(ProgramAssembly assembly) {
    this.assembly = assembly;
  }

  void add() {
    if (assembly.inputs.finance().terminal() == Finance.Terminal.NONE) {
      return;
    }
    for (int h = 0; h < assembly.inputs.chips().size(); h++) {
      for (int s = 0; s < assembly.inputs.sites().size(); s++) {
        for (int scenario = 0; scenario < assembly.inputs.scenarios().size(); scenario++) {
          left(h, s, scenario);
        }
      }
    }
  }

  private void left(int h, int s, int scenario) {
    Chip chip = assembly.inputs.chips().get(h);
    int length = assembly.inputs.horizon().length();
    int stock = assembly.columns.stock[h][s][assembly.tree.node(scenario, length - 1).index()];
    if (stock < 0) {
      return;
    }
    int sum = -1;
    for (int arrival = chip.leadQuarters(); arrival < length; arrival++) {
      Node ordered = assembly.tree.node(scenario, arrival - chip.leadQuarters());
      int order = assembly.columns.order[h][s][ordered.index()];
      double share = share(chip, length - arrival, assembly.inputs.finance());
      double value = StockPart.price(chip, ordered) * share;
      if (order < 0 || value <= 0) {
        continue;
      }
      String name =
          "left %s of %s in %s, %s"
              .formatted(
                  assembly.inputs.horizon().label(arrival),
                  chip.name(),
                  assembly.inputs.sites().get(s).name(),
                  assembly.inputs.scenarios().get(scenario).name());
      int column = assembly.builder.column(name, 0, 0, Double.POSITIVE_INFINITY, false);
      assembly.columns.left[h][s][scenario][arrival] = column;
      assembly.money.endValue(column, scenario, value);
      int row = assembly.builder.row(name, Double.NEGATIVE_INFINITY, 0);
      assembly.builder.entry(row, column, 1);
      assembly.builder.entry(row, order, -chip.batch());
      if (sum < 0) {
        sum = assembly.builder.row("all " + name, Double.NEGATIVE_INFINITY, 0);
        assembly.builder.entry(sum, stock, -1);
      }
      assembly.builder.entry(sum, column, 1);
    }
  }

  /** The share of its price that a server is worth after so many quarters, after tax. */
  private static double share(Chip chip, int age, Finance finance) {
    if (age >= chip.lifeQuarters()) {
      return 0;
    }
    double book = Math.max(0, 1 - age / (double) chip.bookQuarters());
    if (finance.terminal() == Finance.Terminal.BOOK) {
      return book;
    }
    double sold = Math.pow(1 - chip.resaleLossPerYear(), age / 4.0);
    return sold - finance.taxRate() * (sold - book);
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.program.ProgramBuilder;
import org.jspecify.annotations.Nullable;

/** Servers: ordered in batches, in stock from their arrival on, retired; and the halls' limits. */
final class StockPart {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private final ProgramAssembly assembly;
  private final ProgramBuilder builder;
  private final int[][] supplyRow;

  StockPart(ProgramAssembly assembly) {
    this.assembly = assembly;
    builder = assembly.builder;
    supplyRow = new int[assembly.inputs.chips().size()][assembly.tree.nodes().size()];
  }

  void add() {
    for (int h = 0; h < assembly.inputs.chips().size(); h++) {
      Chip chip = assembly.inputs.chips().get(h);
      for (Node node : assembly.tree.nodes()) {
        double supply =
            node.scenario().supply().getOrDefault(chip.name(), chip.supply()).at(node.quarter());
        supplyRow[h][node.index()] = -1;
        if (Double.isFinite(supply) && assembly.isBuilding(node)) {
          String name = "supply of %s in %s".formatted(chip.name(), assembly.when(node));
          int row = builder.row(name, Double.NEGATIVE_INFINITY, supply);
          supplyRow[h][node.index()] = row;
          assembly.limit(row, name, "servers", supply, 1);
        }
      }
      for (int s = 0; s < assembly.inputs.sites().size(); s++) {
        boolean allowed = isAllowed(chip, assembly.inputs.sites().get(s));
        for (Node node : assembly.tree.nodes()) {
          if (allowed) {
            order(h, s, node);
          }
          stock(h, s, node);
        }
      }
    }
    for (int s = 0; s < assembly.inputs.sites().size(); s++) {
      for (Node node : assembly.tree.nodes()) {
        halls(s, node);
      }
    }
  }

  private boolean isAllowed(Chip chip, Site site) {
    return !assembly.inputs.rules().banned().contains(new Rules.Ban(chip.name(), site.name()));
  }

  private void order(int h, int s, Node node) {
    Chip chip = assembly.inputs.chips().get(h);
    int length = assembly.inputs.horizon().length();
    int arrives = node.quarter() + chip.leadQuarters();
    if (!assembly.isBuilding(node) || arrives >= length) {
      return;
    }
    String name =
        "%s for %s in %s"
            .formatted(chip.name(), assembly.inputs.sites().get(s).name(), assembly.when(node));
    int column = builder.column(name, 0, 0, INFINITE, chip.wholeBatches());
    assembly.columns.order[h][s][node.index()] = column;
    double price = price(chip, node) * chip.batch();
    assembly.money.capital(column, node, node.quarter(), price * chip.paidAtOrder());
    assembly.money.capital(column, node, arrives, price * (1 - chip.paidAtOrder()));
    for (int t = arrives; t < Math.min(length, arrives + chip.bookQuarters()); t++) {
      assembly.money.depreciation(column, node, t, price / chip.bookQuarters());
    }
    if (supplyRow[h][node.index()] >= 0) {
      builder.entry(supplyRow[h][node.index()], column, chip.batch());
    }
  }

  /** Of a server that is ordered at a node. */
  static double price(Chip chip, Node node) {
    return chip.price().at(node.quarter()) * node.scenario().priceFactor().at(node.quarter());
  }

  /** {@code stock - stock before - arrivals + retired = what stood there at first}. */
  private void stock(int h, int s, Node node) {
    Chip chip = assembly.inputs.chips().get(h);
    Site site = assembly.inputs.sites().get(s);
    int[] stocks = assembly.columns.stock[h][s];
    int before = node.parent() < 0 ? -1 : stocks[node.parent()];
    int arrival = arrivalColumn(h, s, node, 0);
    double installed = node.parent() < 0 ? installed(chip, site) : 0;
    if (before < 0 && arrival < 0 && installed == 0) {
      return;
    }
    String name = "%s in %s in %s".formatted(chip.name(), site.name(), assembly.when(node));
    int column = builder.column(name, 0, 0, INFINITE, false);
    int retired = builder.column("retired " + name, 0, 0, INFINITE, false);
    stocks[node.index()] = column;
    assembly.columns.retired[h][s][node.index()] = retired;
    int row = builder.row("stock of " + name, installed, installed);
    builder.entry(row, column, 1);
    builder.entry(row, retired, 1);
    if (before >= 0) {
      builder.entry(row, before, -1);
    }
    if (arrival >= 0) {
      builder.entry(row, arrival, -chip.batch());
    }
    running(column, chip, site, node);
    forced(h, s, node);
  }

  private static double installed(Chip chip, Site site) {
    return site.installed().stream()
        .filter(one -> one.chip().equals(chip.name()))
        .mapToDouble(Installed::servers)
        .sum();
  }

  /** The order that arrives so many quarters before a node; -1 where none can. */
  private int arrivalColumn(int h, int s, Node node, int earlier) {
    int lead = assembly.inputs.chips().get(h).leadQuarters() + earlier;
    Node ordered = assembly.tree.before(node, lead);
    return ordered == null ? -1 : assembly.columns.order[h][s][ordered.index()];
  }

  private void running(int column, Chip chip, Site site, Node node) {
    // Upkeep goes by today's price: spares cost what servers do.
    assembly.money.cost(column, node, price(chip, node) * chip.upkeepPerYear() / 4);
    double megawattHours =
        chip.kilowatts() / 1000 * chip.idleShare() * assembly.hours() * site.pue();
    assembly.money.cost(column, node, megawattHours * powerPrice(chip, site, node));
  }

  /** Of a megawatt-hour, in millions. */
  static double powerPrice(Chip chip, Site site, Node node) {
    int t = node.quarter();
    return site.powerPrice(chip.name()).at(t) * node.scenario().energyFactor().at(t) / 1e6;
  }

  /** Servers that reached their age have left by now. */
  private void forced(int h, int s, Node node) {
    Chip chip = assembly.inputs.chips().get(h);
    double old = 0;
    for (Installed one : assembly.inputs.sites().get(s).installed()) {
      if (one.chip().equals(chip.name())
          && one.ageQuarters() + node.quarter() >= chip.lifeQuarters()) {
        old += one.servers();
      }
    }
    Node aged = assembly.tree.before(node, chip.lifeQuarters());
    if (old == 0 && (aged == null || assembly.columns.stock[h][s][aged.index()] < 0)) {
      return;
    }
    int row =
        builder.row(
            "age of %s in %s in %s"
                .formatted(chip.name(), assembly.inputs.sites().get(s).name(), assembly.when(node)),
            old,
            INFINITE);
    for (@Nullable Node at = node; at != null; at = assembly.tree.before(at, 1)) {
      int retired = assembly.columns.retired[h][s][at.index()];
      if (retired >= 0) {
        builder.entry(row, retired, 1);
      }
    }
    for (@Nullable Node at = aged; at != null; at = assembly.tree.before(at, 1)) {
      int arrival = arrivalColumn(h, s, at, 0);
      if (arrival >= 0) {
        builder.entry(row, arrival, -chip.batch());
      }
    }
  }

  private void halls(int s, Node node) {
    Site site = assembly.inputs.sites().get(s);
    String where = " of %s in %s".formatted(site.name(), assembly.when(node));
    int power = builder.row("halls" + where, Double.NEGATIVE_INFINITY, site.openMegawatts());
    assembly.limit(power, "halls" + where, "MW", site.openMegawatts(), 1);
    double grid = site.gridMegawatts().at(node.quarter());
    int gridRow = -1;
    if (Double.isFinite(grid)) {
      gridRow = builder.row("grid" + where, Double.NEGATIVE_INFINITY, grid / site.pue());
      assembly.limit(gridRow, "grid" + where, "MW", grid, 1 / site.pue());
    }
    int liquid =
        builder.row("liquid" + where, Double.NEGATIVE_INFINITY, site.openLiquidMegawatts());
    int racks =
        Double.isFinite(site.openRacks())
            ? builder.row("racks" + where, Double.NEGATIVE_INFINITY, site.openRacks())
            : -1;
    for (int h = 0; h < assembly.inputs.chips().size(); h++) {
      int stock = assembly.columns.stock[h][s][node.index()];
      if (stock >= 0) {
        Chip chip = assembly.inputs.chips().get(h);
        double megawatts = chip.kilowatts() / 1000;
        builder.entry(power, stock, megawatts);
        if (gridRow >= 0) {
          builder.entry(gridRow, stock, megawatts);
        }
        if (chip.liquid()) {
          builder.entry(liquid, stock, megawatts);
        }
        if (racks >= 0) {
          builder.entry(racks, stock, chip.racks());
        }
      }
    }
    phases(s, node, power, liquid, racks);
  }

  private void phases(int s, Node node, int power, int liquid, int racks) {
    Site site = assembly.inputs.sites().get(s);
    for (int p = 0; p < site.phases().size(); p++) {
      Phase phase = site.phases().get(p);
      Node begun = assembly.tree.before(node, phase.leadQuarters());
      int column = begun == null ? -1 : assembly.columns.phase[s][p][begun.index()];
      if (column >= 0) {
        builder.entry(power, column, -phase.megawatts());
        builder.entry(liquid, column, -phase.liquidMegawatts());
        if (racks >= 0) {
          builder.entry(racks, column, -Math.min(phase.racks(), 1e6));
        }
      }
    }
  }
}

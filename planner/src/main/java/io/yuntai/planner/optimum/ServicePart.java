package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.program.ProgramBuilder;

/** Work: what is asked for is served by a place or not; sites serve with servers in stock. */
final class ServicePart {
  private final ProgramAssembly assembly;
  private final ProgramBuilder builder;
  private final int[][][][] demandRow;

  ServicePart(ProgramAssembly assembly) {
    this.assembly = assembly;
    builder = assembly.builder;
    int classes = assembly.inputs.classes().size();
    int regions = assembly.inputs.regions().size();
    int blocks = assembly.inputs.blocks().size();
    demandRow = new int[classes][regions][blocks][assembly.tree.nodes().size()];
    for (int[][][] a : demandRow) {
      for (int[][] b : a) {
        for (int[] c : b) {
          java.util.Arrays.fill(c, -1);
        }
      }
    }
  }

  int[][][][] demandRows() {
    return demandRow;
  }

  void add() {
    for (Node node : assembly.tree.nodes()) {
      for (int w = 0; w < assembly.inputs.classes().size(); w++) {
        for (int r = 0; r < assembly.inputs.regions().size(); r++) {
          demand(w, r, node);
        }
      }
      for (int s = 0; s < assembly.inputs.sites().size(); s++) {
        for (int k = 0; k < assembly.inputs.blocks().size(); k++) {
          site(s, k, node);
        }
      }
    }
  }

  /** In the class's unit. */
  private double demand(int w, int r, int k, Node node) {
    return assembly
            .inputs
            .demand()
            .at(
                assembly.inputs.classes().get(w).name(),
                assembly.inputs.regions().get(r),
                assembly.inputs.blocks().get(k).name(),
                node.quarter(),
                node.scenario())
        / assembly.unit[w];
  }

  /** {@code served + unserved = demand}; of work that may be moved only the sum of the quarter. */
  private void demand(int w, int r, Node node) {
    WorkClass work = assembly.inputs.classes().get(w);
    String what =
        "%s of %s in %s"
            .formatted(work.name(), assembly.inputs.regions().get(r), assembly.when(node));
    int shared = -1;
    for (int k = 0; k < assembly.inputs.blocks().size(); k++) {
      LoadBlock block = assembly.inputs.blocks().get(k);
      double asked = demand(w, r, k, node);
      if (work.movable()) {
        if (shared < 0) {
          shared = builder.row("demand of " + what, 0, 0);
        }
        builder.shiftRow(shared, asked * block.hours());
        demandRow[w][r][k][node.index()] = shared;
      } else if (asked > 0) {
        demandRow[w][r][k][node.index()] =
            builder.row("demand of %s, %s".formatted(what, block.name()), asked, asked);
      }
      if (asked > 0) {
        int column =
            builder.column(
                "unserved %s, %s".formatted(what, block.name()),
                0,
                0,
                work.leastServed() == 0 && !work.movable()
                    ? Double.POSITIVE_INFINITY
                    : asked * (1 - work.leastServed()),
                false);
        assembly.columns.unserved[w][r][k][node.index()] = column;
        builder.entry(demandRow[w][r][k][node.index()], column, work.movable() ? block.hours() : 1);
        double penalty = work.penalty().at(node.quarter());
        assembly.money.cost(
            column, node, MoneyPart.ofUnits(penalty * assembly.unit[w], block.hours()));
      }
    }
  }

  private void site(int s, int k, Node node) {
    int chips = assembly.inputs.chips().size();
    int[] serversRow = new int[chips];
    for (int h = 0; h < chips; h++) {
      int stock = assembly.columns.stock[h][s][node.index()];
      serversRow[h] = -1;
      if (stock >= 0) {
        String name =
            "servers %s of %s in %s, %s"
                .formatted(
                    assembly.inputs.chips().get(h).name(),
                    assembly.inputs.sites().get(s).name(),
                    assembly.when(node),
                    assembly.inputs.blocks().get(k).name());
        serversRow[h] = builder.row(name, Double.NEGATIVE_INFINITY, 0);
        builder.entry(serversRow[h], stock, -1);
      }
    }
    for (int w = 0; w < assembly.inputs.classes().size(); w++) {
      work(w, s, k, node, serversRow);
    }
  }

  private void work(int w, int s, int k, Node node, int[] serversRow) {
    WorkClass work = assembly.inputs.classes().get(w);
    Site site = assembly.inputs.sites().get(s);
    boolean canServe = false;
    for (int h = 0; h < serversRow.length; h++) {
      canServe |= serversRow[h] >= 0 && assembly.inputs.chips().get(h).rate(work.name()) > 0;
    }
    if (!canServe) {
      return;
    }
    int capacity = -1;
    for (int r = 0; r < assembly.inputs.regions().size(); r++) {
      Link link = link(site, assembly.inputs.regions().get(r));
      if (link != null && demandRow[w][r][k][node.index()] >= 0 && mayServe(work, link, site)) {
        if (capacity < 0) {
          String name =
              "capacity for %s of %s in %s, %s"
                  .formatted(
                      work.name(),
                      site.name(),
                      assembly.when(node),
                      assembly.inputs.blocks().get(k).name());
          capacity = builder.row(name, Double.NEGATIVE_INFINITY, 0);
        }
        int flow = flow(w, r, s, k, node, site.name(), link.price());
        builder.entry(capacity, flow, 1);
      }
    }
    if (capacity >= 0) {
      for (int h = 0; h < serversRow.length; h++) {
        if (serversRow[h] >= 0) {
          busy(w, h, s, k, node, capacity, serversRow[h]);
        }
      }
    }
  }

  private boolean mayServe(WorkClass work, Link link, Site site) {
    return link.millis() <= work.mostMillis()
        && assembly.inputs.rules().mayServe(work.name(), link.region(), site.name());
  }

  static @org.jspecify.annotations.Nullable Link link(Site site, String region) {
    for (Link link : site.links()) {
      if (link.region().equals(region)) {
        return link;
      }
    }
    return null;
  }

  /** Adds a column of work that a place does for a region. */
  int flow(int w, int r, int place, int k, Node node, String placeName, double price) {
    WorkClass work = assembly.inputs.classes().get(w);
    LoadBlock block = assembly.inputs.blocks().get(k);
    String name =
        "%s of %s from %s in %s, %s"
            .formatted(
                work.name(),
                assembly.inputs.regions().get(r),
                placeName,
                assembly.when(node),
                block.name());
    // Not bounded by demand, though it can't pass it: the price of demand is to be on its row
    // alone.
    int column = builder.column(name, 0, 0, Double.POSITIVE_INFINITY, false);
    assembly.columns.flow[w][r][place][k][node.index()] = column;
    builder.entry(demandRow[w][r][k][node.index()], column, work.movable() ? block.hours() : 1);
    double revenue = work.price().at(node.quarter());
    assembly.money.revenue(
        column, node, MoneyPart.ofUnits(revenue * assembly.unit[w], block.hours()));
    assembly.money.cost(column, node, MoneyPart.ofUnits(price * assembly.unit[w], block.hours()));
    return column;
  }

  private void busy(int w, int h, int s, int k, Node node, int capacity, int servers) {
    Chip chip = assembly.inputs.chips().get(h);
    WorkClass work = assembly.inputs.classes().get(w);
    double rate = chip.rate(work.name());
    if (rate == 0) {
      return;
    }
    Site site = assembly.inputs.sites().get(s);
    LoadBlock block = assembly.inputs.blocks().get(k);
    String name =
        "%s for %s in %s in %s, %s"
            .formatted(chip.name(), work.name(), site.name(), assembly.when(node), block.name());
    int column = builder.column(name, 0, 0, Double.POSITIVE_INFINITY, false);
    assembly.columns.busy[w][h][s][k][node.index()] = column;
    builder.entry(capacity, column, -rate / assembly.unit[w]);
    builder.entry(servers, column, 1 / work.usableLoad());
    double megawattHours =
        chip.kilowatts() / 1000 * (1 - chip.idleShare()) * block.hours() * site.pue();
    assembly.money.cost(column, node, megawattHours * StockPart.powerPrice(chip, site, node));
  }
}

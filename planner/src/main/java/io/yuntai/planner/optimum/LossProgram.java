package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.ProgramBuilder;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.SolverFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One loss in one block: how little of what was promised must be missing when a site is gone and
 * the others' servers are as a solution has them.
 */
final class LossProgram {
  private final PlanProgram plan;
  private final PlanInputs inputs;
  private final double[] x;
  private final int lost;
  private final int block;
  private final Node node;
  private final ProgramBuilder builder = new ProgramBuilder();
  private final int[][] promiseRow;
  private final int[][] missing;
  private final int[][] stockRow;
  private final int[][][] flow;
  private final int[][][] busy;
  private double promised;
  private final Solution solution;

  LossProgram(PlanProgram plan, double[] x, int lost, int block, Node node) {
    this.plan = plan;
    this.x = x;
    this.lost = lost;
    this.block = block;
    this.node = node;
    inputs = plan.inputs();
    int classes = inputs.classes().size();
    int regions = inputs.regions().size();
    int chips = inputs.chips().size();
    int sites = inputs.sites().size();
    promiseRow = filled(classes, regions);
    missing = filled(classes, regions);
    stockRow = filled(chips, sites);
    flow = new int[classes][][];
    busy = new int[classes][][];
    for (int w = 0; w < classes; w++) {
      flow[w] = filled(regions, sites);
      busy[w] = filled(chips, sites);
    }
    build();
    LinearProgram program = builder.build();
    solution = solved(program);
    if (!solution.hasPoint()) {
      throw new SolverFailure(
          "Whether the loss of %s can be borne could not be reckoned (%s)."
              .formatted(inputs.sites().get(lost).name(), solution.status()));
    }
  }

  /** An interruption is kept for who can end the search; a loss takes milliseconds. */
  private static Solution solved(LinearProgram program) {
    Solution solution = new OwnSolver().solve(program, Limits.none());
    if (!solution.hasPoint() && Thread.interrupted()) {
      solution = new OwnSolver().solve(program, Limits.none());
      Thread.currentThread().interrupt();
    }
    return solution;
  }

  private static int[][] filled(int a, int b) {
    int[][] result = new int[a][b];
    for (int[] line : result) {
      Arrays.fill(line, -1);
    }
    return result;
  }

  private double at(int column) {
    return column < 0 ? 0 : Math.max(0, x[column]);
  }

  private void build() {
    for (int w = 0; w < flow.length; w++) {
      double kept = inputs.classes().get(w).standing().keptShare();
      for (int r = 0; r < inputs.regions().size(); r++) {
        double sum = 0;
        for (int s = 0; s < inputs.sites().size(); s++) {
          sum += at(plan.columns().flow[w][r][s][block][node.index()]);
        }
        if (kept * sum > 1e-12) {
          promised += kept * sum;
          promiseRow[w][r] = builder.row("promised", kept * sum, Double.POSITIVE_INFINITY);
          missing[w][r] = builder.column("missing", 1, 0, Double.POSITIVE_INFINITY, false);
          builder.entry(promiseRow[w][r], missing[w][r], 1);
        }
      }
    }
    for (int s = 0; s < inputs.sites().size(); s++) {
      if (s != lost) {
        for (int w = 0; w < flow.length; w++) {
          site(w, s);
        }
      }
    }
  }

  private void site(int w, int s) {
    int capacity = -1;
    for (int r = 0; r < inputs.regions().size(); r++) {
      int way = plan.columns().flow[w][r][s][block][node.index()];
      if (promiseRow[w][r] >= 0 && way >= 0) {
        if (capacity < 0) {
          capacity = builder.row("capacity", Double.NEGATIVE_INFINITY, 0);
        }
        flow[w][r][s] = builder.column("flow", 0, 0, Double.POSITIVE_INFINITY, false);
        builder.entry(promiseRow[w][r], flow[w][r][s], 1);
        builder.entry(capacity, flow[w][r][s], 1);
      }
    }
    for (int h = 0; capacity >= 0 && h < inputs.chips().size(); h++) {
      double rate = inputs.chips().get(h).rate(inputs.classes().get(w).name());
      int stock = plan.columns().stock[h][s][node.index()];
      if (rate > 0 && stock >= 0) {
        if (stockRow[h][s] < 0) {
          stockRow[h][s] = builder.row("stock", Double.NEGATIVE_INFINITY, at(stock));
        }
        busy[w][h][s] = builder.column("busy", 0, 0, Double.POSITIVE_INFINITY, false);
        builder.entry(capacity, busy[w][h][s], -rate / plan.unit()[w]);
        builder.entry(stockRow[h][s], busy[w][h][s], 1 / inputs.classes().get(w).usableLoad());
      }
    }
  }

  double shortfall() {
    return solution.cost();
  }

  double promised() {
    return promised;
  }

  /** What one more unit of promised work of each class and region would leave missing. */
  double[][] promisePrices() {
    double[][] prices = new double[flow.length][inputs.regions().size()];
    for (int w = 0; w < prices.length; w++) {
      for (int r = 0; r < prices[w].length; r++) {
        double price = promiseRow[w][r] < 0 ? 0 : solution.rowPrices()[promiseRow[w][r]];
        prices[w][r] = price > 1e-9 ? price : 0;
      }
    }
    return prices;
  }

  /** Lowers bounds of promised work by what would be missing. */
  void lessen(double[] point, double[] upper) {
    for (int w = 0; w < flow.length; w++) {
      double kept = inputs.classes().get(w).standing().keptShare();
      for (int r = 0; r < inputs.regions().size(); r++) {
        double gone = solved(missing[w][r]) / Math.max(kept, 1e-9);
        double sum = 0;
        for (int s = 0; gone > 0 && s < inputs.sites().size(); s++) {
          sum += at(plan.columns().flow[w][r][s][block][node.index()]);
        }
        for (int s = 0; sum > 0 && s < inputs.sites().size(); s++) {
          int way = plan.columns().flow[w][r][s][block][node.index()];
          if (way >= 0) {
            double left = Math.max(0, point[way]) * Math.max(0, 1 - gone / sum);
            upper[way] = Math.min(upper[way], left);
          }
        }
      }
    }
  }

  /** {@code prices of promises x promises - prices of servers x stocks <= 0}. */
  ExtraRows.Row cut() {
    List<Integer> columns = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int w = 0; w < flow.length; w++) {
      double kept = inputs.classes().get(w).standing().keptShare();
      for (int r = 0; r < inputs.regions().size(); r++) {
        double price = promiseRow[w][r] < 0 ? 0 : solution.rowPrices()[promiseRow[w][r]];
        for (int s = 0; price > 1e-9 && s < inputs.sites().size(); s++) {
          int way = plan.columns().flow[w][r][s][block][node.index()];
          if (way >= 0) {
            columns.add(way);
            values.add(price * kept);
          }
        }
      }
    }
    for (int h = 0; h < stockRow.length; h++) {
      for (int s = 0; s < inputs.sites().size(); s++) {
        double price = stockRow[h][s] < 0 ? 0 : solution.rowPrices()[stockRow[h][s]];
        if (price < -1e-12) {
          columns.add(plan.columns().stock[h][s][node.index()]);
          values.add(price);
        }
      }
    }
    String name =
        "loss of %s in %s"
            .formatted(inputs.sites().get(lost).name(), inputs.horizon().label(node.quarter()));
    return new ExtraRows.Row(
        name,
        columns.stream().mapToInt(Integer::intValue).toArray(),
        values.stream().mapToDouble(Double::doubleValue).toArray(),
        Double.NEGATIVE_INFINITY,
        0);
  }

  /**
   * What each site and chip does for each region; a site's chips share its work by what they do.
   */
  List<Decisions.AfterLoss> carried() {
    List<Decisions.AfterLoss> all = new ArrayList<>();
    for (int w = 0; w < flow.length; w++) {
      String name = inputs.classes().get(w).name();
      for (int s = 0; s < inputs.sites().size(); s++) {
        double capacity = 0;
        for (int h = 0; h < inputs.chips().size(); h++) {
          capacity += solved(busy[w][h][s]) * inputs.chips().get(h).rate(name);
        }
        for (int r = 0; r < inputs.regions().size(); r++) {
          double units = solved(flow[w][r][s]) * plan.unit()[w];
          for (int h = 0; units > 0 && h < inputs.chips().size(); h++) {
            double part = solved(busy[w][h][s]) * inputs.chips().get(h).rate(name) / capacity;
            if (part > 0) {
              all.add(after(name, r, s, h, units * part));
            }
          }
        }
      }
    }
    return all;
  }

  private double solved(int column) {
    return column < 0 || solution.x()[column] < 1e-12 ? 0 : solution.x()[column];
  }

  private Decisions.AfterLoss after(String work, int r, int s, int h, double units) {
    return new Decisions.AfterLoss(
        inputs.sites().get(lost).name(),
        work,
        inputs.regions().get(r),
        inputs.sites().get(s).name(),
        inputs.chips().get(h).name(),
        inputs.blocks().get(block).name(),
        node.quarter(),
        node.scenario().name(),
        units);
  }
}

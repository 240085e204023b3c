package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.ProgramBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in which the limits that people know may be broken, at a price: each by a share of
 * itself, so that limits of different units can be compared.
 */
final class Elastic {
  private final PlanProgram plan;
  private final ProgramBuilder builder = new ProgramBuilder();
  private final List<Limit> limits = new ArrayList<>();

  /**
   * A limit that may be broken.
   *
   * @param column by how much, in units of the limit
   */
  record Limit(String name, String unit, int column) {}

  Elastic(PlanProgram plan) {
    this.plan = plan;
    copy();
    for (PlanProgram.LimitRow limit : plan.limits()) {
      int slack = slack(limit.name(), limit.unit(), limit.amount());
      builder.entry(limit.row(), slack, -limit.perUnit());
    }
    for (Node node : plan.tree().nodes()) {
      served(node);
      cash(node);
    }
  }

  private void copy() {
    LinearProgram program = plan.program();
    for (int i = 0; i < program.rowCount(); i++) {
      builder.row(program.rowNames().of(i), program.rowLower()[i], program.rowUpper()[i]);
    }
    boolean[] cash = new boolean[program.columns()];
    boolean[] unserved = new boolean[program.columns()];
    for (Node node : plan.tree().nodes()) {
      mark(cash, plan.columns().balance[node.index()]);
      forUnserved(node, (_, _, _, column) -> mark(unserved, column));
    }
    for (int j = 0; j < program.columns(); j++) {
      builder.column(
          program.columnNames().of(j),
          0,
          cash[j] ? Double.NEGATIVE_INFINITY : program.lower()[j],
          unserved[j] ? Double.POSITIVE_INFINITY : program.upper()[j],
          program.whole()[j]);
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        builder.entry(program.rows()[k], j, program.values()[k]);
      }
    }
  }

  private static void mark(boolean[] marks, int column) {
    if (column >= 0) {
      marks[column] = true;
    }
  }

  private interface Unserved {
    void of(int workClass, int region, int block, int column);
  }

  private void forUnserved(Node node, Unserved unserved) {
    for (int w = 0; w < plan.inputs().classes().size(); w++) {
      for (int r = 0; r < plan.inputs().regions().size(); r++) {
        for (int k = 0; k < plan.inputs().blocks().size(); k++) {
          int column = plan.columns().unserved[w][r][k][node.index()];
          if (column >= 0) {
            unserved.of(w, r, k, column);
          }
        }
      }
    }
  }

  private int slack(String name, String unit, double amount) {
    double price = 1 / Math.max(Math.abs(amount), 1e-3);
    int column = builder.column("more " + name, price, 0, Double.POSITIVE_INFINITY, false);
    limits.add(new Limit(name, unit, column));
    return column;
  }

  private void served(Node node) {
    forUnserved(
        node,
        (w, r, k, column) -> {
          double most = plan.program().upper()[column];
          if (Double.isInfinite(most)) {
            return;
          }
          String name =
              "least served of %s in %s in %s, %s"
                  .formatted(
                      plan.inputs().classes().get(w).name(),
                      plan.inputs().regions().get(r),
                      plan.inputs().horizon().label(node.quarter()),
                      plan.inputs().blocks().get(k).name());
          int row = builder.row(name, Double.NEGATIVE_INFINITY, most);
          builder.entry(row, column, 1);
          double unit = plan.unit()[w];
          int slack = slack(name, "units/s", Math.max(most * unit, 1));
          builder.entry(row, slack, -1 / unit);
        });
  }

  private void cash(Node node) {
    int column = plan.columns().balance[node.index()];
    if (column < 0) {
      return;
    }
    double floor = plan.inputs().finance().cashFloor();
    String name = "cash floor in " + plan.inputs().horizon().label(node.quarter());
    int row = builder.row(name, floor, Double.POSITIVE_INFINITY);
    builder.entry(row, column, 1);
    int slack = slack(name, "million " + plan.inputs().finance().currency(), Math.max(1, floor));
    builder.entry(row, slack, 1);
  }

  LinearProgram program() {
    return builder.build();
  }

  List<Limit> limits() {
    return List.copyOf(limits);
  }
}

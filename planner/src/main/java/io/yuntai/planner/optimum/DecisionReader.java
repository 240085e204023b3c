package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.DecisionCollector;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import java.util.List;

/** Decisions from a solution of the program. */
final class DecisionReader {
  /** Less is noise of the solver. */
  private static final double NOISE = 1e-9;

  private final PlanInputs inputs;
  private final PlanColumns columns;
  private final double[] x;
  private final double[] unit;

  private final DecisionCollector decisions = new DecisionCollector();

  private DecisionReader(PlanProgram program, double[] x) {
    inputs = program.inputs();
    columns = program.columns();
    this.x = x;
    unit = program.unit();
  }

  static Decisions read(PlanProgram program, double[] x, List<Decisions.AfterLoss> afterLoss) {
    DecisionReader reader = new DecisionReader(program, x);
    for (Node node : program.tree().nodes()) {
      reader.assets(node);
      reader.contracts(node);
      for (int k = 0; k < reader.inputs.blocks().size(); k++) {
        reader.service(node, k);
      }
    }
    afterLoss.forEach(reader.decisions::add);
    return reader.decisions.decisions();
  }

  private double value(int column) {
    return column < 0 || x[column] < NOISE ? 0 : x[column];
  }

  private void assets(Node node) {
    int t = node.quarter();
    String scenario = node.scenario().name();
    for (int s = 0; s < inputs.sites().size(); s++) {
      String site = inputs.sites().get(s).name();
      for (int p = 0; p < columns.phase[s].length; p++) {
        int column = columns.phase[s][p][node.index()];
        int before = node.parent() < 0 ? -1 : columns.phase[s][p][node.parent()];
        if (column >= 0
            && column != before
            && Math.rint(value(column)) > Math.rint(value(before))) {
          String phase = inputs.sites().get(s).phases().get(p).name();
          decisions.add(new Decisions.PhaseStart(site, phase, t, scenario));
        }
      }
      for (int h = 0; h < inputs.chips().size(); h++) {
        String chip = inputs.chips().get(h).name();
        double batches = value(columns.order[h][s][node.index()]);
        if (inputs.chips().get(h).wholeBatches()) {
          batches = Math.rint(batches);
        }
        if (batches > 0) {
          double servers = batches * inputs.chips().get(h).batch();
          decisions.add(new Decisions.Order(chip, site, t, scenario, servers));
        }
        double retired = value(columns.retired[h][s][node.index()]);
        if (retired > 0) {
          decisions.add(new Decisions.Retirement(chip, site, t, scenario, retired));
        }
      }
    }
    double drawn = value(columns.credit[node.index()]);
    if (drawn > 0) {
      decisions.add(new Decisions.Credit(t, scenario, drawn));
    }
  }

  private void contracts(Node node) {
    for (int c = 0; c < inputs.contracts().size(); c++) {
      double servers = value(columns.commitment[c][node.index()]);
      if (servers > 0) {
        decisions.add(
            new Decisions.Commitment(
                inputs.contracts().get(c).name(), node.quarter(), node.scenario().name(), servers));
      }
    }
  }

  private void service(Node node, int k) {
    int t = node.quarter();
    String scenario = node.scenario().name();
    String block = inputs.blocks().get(k).name();
    for (int w = 0; w < inputs.classes().size(); w++) {
      String name = inputs.classes().get(w).name();
      for (int r = 0; r < inputs.regions().size(); r++) {
        String region = inputs.regions().get(r);
        double lost = value(columns.unserved[w][r][k][node.index()]);
        if (lost > 0) {
          decisions.add(new Decisions.Unserved(name, region, block, t, scenario, lost * unit[w]));
        }
        for (int place = 0; place < columns.flow[w][r].length; place++) {
          double flow = value(columns.flow[w][r][place][k][node.index()]);
          if (flow > 0) {
            decisions.add(
                new Decisions.Work(name, region, place(place), block, t, scenario, flow * unit[w]));
          }
        }
      }
      for (int h = 0; h < inputs.chips().size(); h++) {
        for (int s = 0; s < inputs.sites().size(); s++) {
          double servers = value(columns.busy[w][h][s][k][node.index()]);
          if (servers > 0) {
            String chip = inputs.chips().get(h).name();
            decisions.add(new Decisions.Busy(name, place(s), chip, block, t, scenario, servers));
          }
        }
      }
      for (int c = 0; c < inputs.contracts().size(); c++) {
        double servers = value(columns.hired[w][c][k][node.index()]);
        if (servers > 0) {
          String contract = inputs.contracts().get(c).name();
          decisions.add(new Decisions.Busy(name, contract, "", block, t, scenario, servers));
        }
      }
    }
  }

  private String place(int place) {
    int sites = inputs.sites().size();
    return place < sites
        ? inputs.sites().get(place).name()
        : inputs.contracts().get(place - sites).name();
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of a site: whether the others carry what was promised, and where they don't, a cut that
 * says what is missing (J. Benders, 1962). Only losses that a solution breaks become rows.
 */
final class SiteLoss {
  /** Less is not worth a cut, as a share of what is promised. */
  private static final double SMALL = 1e-7;

  private final PlanProgram plan;
  private final PlanInputs inputs;

  SiteLoss(PlanProgram plan) {
    this.plan = plan;
    inputs = plan.inputs();
  }

  /** Losses that a point does not bear. */
  List<LossProgram> broken(double[] x) {
    List<LossProgram> all = new ArrayList<>();
    forEachLoss(
        x,
        (lost, block, node) -> {
          LossProgram loss = new LossProgram(plan, x, lost, block, node);
          if (loss.shortfall() > SMALL * (1 + loss.promised())) {
            all.add(loss);
          }
        });
    return all;
  }

  /**
   * Cuts to begin with, one for each loss: all promised work by one price each class, against all
   * servers of the other sites by the dearest that they can do of it. Weaker than those that a
   * solution tells, since they forget who may serve whom, but they spare most rounds.
   */
  ExtraRows firstCuts() {
    double[] prices = new double[inputs.classes().size()];
    for (int w = 0; w < prices.length; w++) {
      String name = inputs.classes().get(w).name();
      double sum = inputs.chips().stream().mapToDouble(chip -> chip.rate(name)).sum();
      long count = inputs.chips().stream().filter(chip -> chip.rate(name) > 0).count();
      prices[w] = count == 0 ? 0 : count / sum;
    }
    ExtraRows rows = new ExtraRows();
    for (Node node : plan.tree().nodes()) {
      for (int k = 0; k < inputs.blocks().size(); k++) {
        for (int lost = 0; inputs.blocks().get(k).peak() && lost < inputs.sites().size(); lost++) {
          first(rows, lost, k, node, prices);
        }
      }
    }
    return rows;
  }

  private void first(ExtraRows rows, int lost, int k, Node node, double[] prices) {
    List<Integer> columns = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int s = 0; s < inputs.sites().size(); s++) {
      for (int w = 0; w < prices.length; w++) {
        double kept = inputs.classes().get(w).standing().keptShare();
        for (int r = 0; r < inputs.regions().size(); r++) {
          int column = plan.columns().flow[w][r][s][k][node.index()];
          if (column >= 0 && kept > 0 && prices[w] > 0) {
            columns.add(column);
            values.add(prices[w] * kept * plan.unit()[w]);
          }
        }
      }
      for (int h = 0; s != lost && h < inputs.chips().size(); h++) {
        double most = 0;
        for (int w = 0; w < prices.length; w++) {
          if (inputs.classes().get(w).standing().keptShare() > 0) {
            double rate = inputs.chips().get(h).rate(inputs.classes().get(w).name());
            most = Math.max(most, prices[w] * rate * inputs.classes().get(w).usableLoad());
          }
        }
        int stock = plan.columns().stock[h][s][node.index()];
        if (stock >= 0 && most > 0) {
          columns.add(stock);
          values.add(-most);
        }
      }
    }
    if (!columns.isEmpty()) {
      rows.add(
          new ExtraRows.Row(
              "any loss of " + inputs.sites().get(lost).name(),
              columns.stream().mapToInt(Integer::intValue).toArray(),
              values.stream().mapToDouble(Double::doubleValue).toArray(),
              Double.NEGATIVE_INFINITY,
              0));
    }
  }

  /**
   * The program with servers as a solution has them, and with no more promised work in peak blocks
   * than what the other sites can carry: what a loss would leave missing is not promised.
   *
   * @param broken the losses that the solution does not bear
   */
  LinearProgram repaired(LinearProgram program, double[] x, List<LossProgram> broken) {
    double[] lower = program.lower().clone();
    double[] upper = program.upper().clone();
    for (int h = 0; h < inputs.chips().size(); h++) {
      for (int s = 0; s < inputs.sites().size(); s++) {
        for (Node node : plan.tree().nodes()) {
          fix(plan.columns().order[h][s][node.index()], x, lower, upper);
          fix(plan.columns().retired[h][s][node.index()], x, lower, upper);
        }
      }
    }
    for (Node node : plan.tree().nodes()) {
      for (int k = 0; k < inputs.blocks().size(); k++) {
        if (inputs.blocks().get(k).peak()) {
          forEachPromise(k, node, column -> upper[column] = Math.max(0, x[column]));
        }
      }
    }
    broken.forEach(loss -> loss.lessen(x, upper));
    return program.withBounds(lower, upper);
  }

  private static void fix(int column, double[] x, double[] lower, double[] upper) {
    if (column >= 0) {
      lower[column] = Math.max(0, x[column]);
      upper[column] = lower[column];
    }
  }

  private void forEachPromise(int k, Node node, java.util.function.IntConsumer column) {
    for (int w = 0; w < inputs.classes().size(); w++) {
      for (int r = 0; r < inputs.regions().size(); r++) {
        for (int s = 0; s < inputs.sites().size(); s++) {
          int flow = plan.columns().flow[w][r][s][k][node.index()];
          if (flow >= 0 && inputs.classes().get(w).standing().keptShare() > 0) {
            column.accept(flow);
          }
        }
      }
    }
  }

  /** How work goes on after each loss. */
  List<Decisions.AfterLoss> afterLoss(double[] x) {
    List<Decisions.AfterLoss> all = new ArrayList<>();
    forEachLoss(
        x,
        (lost, block, node) -> all.addAll(new LossProgram(plan, x, lost, block, node).carried()));
    return all;
  }

  /** Told of each loss that matters: of a site that works in a peak block. */
  interface Loss {
    void of(int lost, int block, Node node);
  }

  void forEachLoss(double[] x, Loss loss) {
    if (!inputs.rules().siteLoss()) {
      return;
    }
    for (Node node : plan.tree().nodes()) {
      for (int k = 0; k < inputs.blocks().size(); k++) {
        if (!inputs.blocks().get(k).peak()) {
          continue;
        }
        for (int s = 0; s < inputs.sites().size(); s++) {
          if (works(x, s, k, node)) {
            loss.of(s, k, node);
          }
        }
      }
    }
  }

  private boolean works(double[] x, int site, int block, Node node) {
    for (int w = 0; w < inputs.classes().size(); w++) {
      for (int r = 0; r < inputs.regions().size(); r++) {
        int column = plan.columns().flow[w][r][site][block][node.index()];
        if (column >= 0 && x[column] > 1e-9) {
          return true;
        }
      }
    }
    return false;
  }
}

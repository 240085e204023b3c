package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import java.util.stream.IntStream;

/** What columns of a plan's program add to each of its goals. */
final class AimVectors {
  /** What a limit may be missed by for the solvers' arithmetic, as a share of its terms. */
  private static final double ARITHMETIC = 1e-8;

  private final PlanProgram plan;
  private final PlanInputs inputs;
  private final double[] money;

  /**
   * @param plan with its own cost, of the rules' goal
   */
  AimVectors(PlanProgram plan) {
    this.plan = plan;
    inputs = plan.inputs();
    money = plan.program().cost();
  }

  double[] of(Aim aim) {
    return switch (aim) {
      case GOLD, SILVER, BRONZE, SERVICE -> unserved(aim);
      case VALUE -> money(Rules.Goal.VALUE);
      case COST -> money(Rules.Goal.COST);
      case RISK -> risk();
      case CARBON -> carbon();
    };
  }

  /** Of the rules' own goal of money. */
  double[] ofGoal() {
    return money;
  }

  private double[] unserved(Aim aim) {
    double[] vector = new double[money.length];
    for (Node node : plan.tree().nodes()) {
      for (int w = 0; w < inputs.classes().size(); w++) {
        for (int k = 0; k < inputs.blocks().size(); k++) {
          double millions =
              plan.unit()[w] * inputs.blocks().get(k).hours() * 3600 / 1e6 * node.probability();
          for (int r = 0; r < inputs.regions().size(); r++) {
            int column = plan.columns().unserved[w][r][k][node.index()];
            if (column >= 0 && aim.counts(inputs.classes().get(w).standing())) {
              vector[column] += millions;
            }
          }
        }
      }
    }
    return vector;
  }

  /** Programs of other goals have the same columns, but for those of risk, which come last. */
  private double[] money(Rules.Goal goal) {
    if (inputs.rules().goal() == goal) {
      return money;
    }
    double[] other = PlanProgram.of(inputs.with(inputs.rules().with(goal))).program().cost();
    return java.util.Arrays.copyOf(other, money.length);
  }

  private double[] risk() {
    double[] vector = new double[money.length];
    vector[plan.columns().threshold] = -1;
    for (int s = 0; s < inputs.scenarios().size(); s++) {
      vector[plan.columns().shortfall[s]] =
          inputs.scenarios().get(s).probability() / inputs.rules().riskTail();
    }
    return vector;
  }

  private double[] carbon() {
    double[] vector = new double[money.length];
    double hours = inputs.blocks().stream().mapToDouble(LoadBlock::hours).sum();
    for (Node node : plan.tree().nodes()) {
      for (int h = 0; h < inputs.chips().size(); h++) {
        Chip chip = inputs.chips().get(h);
        for (int s = 0; s < inputs.sites().size(); s++) {
          Site site = inputs.sites().get(s);
          double perHour =
              node.probability()
                  * chip.kilowatts()
                  / 1000
                  * site.pue()
                  * site.carbonPerMegawattHour();
          add(vector, plan.columns().stock[h][s][node.index()], perHour * chip.idleShare() * hours);
          for (int w = 0; w < inputs.classes().size(); w++) {
            for (int k = 0; k < inputs.blocks().size(); k++) {
              double busy = perHour * (1 - chip.idleShare()) * inputs.blocks().get(k).hours();
              add(vector, plan.columns().busy[w][h][s][k][node.index()], busy);
            }
          }
        }
      }
    }
    return vector;
  }

  private static void add(double[] vector, int column, double amount) {
    if (column >= 0) {
      vector[column] += amount;
    }
  }

  static double amount(double[] vector, double[] x) {
    double sum = 0;
    for (int j = 0; j < vector.length; j++) {
      sum += vector[j] * x[j];
    }
    return sum;
  }

  /**
   * What an amount may be in plans that keep it.
   *
   * @param found the amount that was reached
   * @param size of the terms that it is the sum of
   */
  static double most(double found, double size, double tolerance) {
    return found + tolerance * Math.abs(found) + ARITHMETIC * (1 + size);
  }

  static double size(double[] vector, double[] x) {
    double sum = 0;
    for (int j = 0; j < vector.length; j++) {
      sum += Math.abs(vector[j] * x[j]);
    }
    return sum;
  }

  /** A program with one more row, which keeps an amount. */
  static LinearProgram keeping(LinearProgram program, Aim aim, double[] vector, double most) {
    int[] columns = IntStream.range(0, vector.length).filter(j -> vector[j] != 0).toArray();
    ExtraRows rows = new ExtraRows();
    rows.add(
        new ExtraRows.Row(
            "goal " + aim.text(),
            columns,
            IntStream.of(columns).mapToDouble(j -> vector[j]).toArray(),
            Double.NEGATIVE_INFINITY,
            most));
    return columns.length == 0 ? program : rows.appendedTo(program);
  }
}

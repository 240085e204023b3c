package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Freedom;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Plans that are nearly as good: how little and how much of each site and each vendor they may have
 * (E. Brill, 1979: modelling to generate alternatives).
 */
final class Alternatives {
  private final Questioned asked;
  private final PlanProgram program;
  private final PlanInputs inputs;
  private final LinearProgram near;

  /**
   * @param slack share of the plan's value that may be given up
   */
  Alternatives(Questioned asked, double slack) {
    this.asked = asked;
    program = asked.settled().program();
    Plan plan = asked.plan();
    inputs = plan.inputs();
    double[] cost = program.program().cost();
    int[] columns = IntStream.range(0, cost.length).filter(j -> cost[j] != 0).toArray();
    double most = -plan.goalValue() + slack * Math.abs(plan.goalValue());
    ExtraRows rows = new ExtraRows();
    rows.add(
        new ExtraRows.Row(
            "nearly as good",
            columns,
            IntStream.of(columns).mapToDouble(j -> cost[j]).toArray(),
            Double.NEGATIVE_INFINITY,
            most));
    near = rows.appendedTo(program.program());
  }

  List<Freedom> find() {
    List<Freedom> all = new ArrayList<>();
    for (int s = 0; s < inputs.sites().size(); s++) {
      double[] halls = halls(s);
      if (sum(halls) > 0) {
        all.add(freedom("new halls of " + inputs.sites().get(s).name(), halls));
      }
    }
    inputs.chips().stream()
        .map(Chip::vendor)
        .distinct()
        .forEach(vendor -> all.add(freedom("servers by " + vendor, vendor(vendor))));
    return all;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Megawatts that are begun in the end, expected over scenarios. */
  private double[] halls(int s) {
    double[] weights = new double[near.columns()];
    int last = inputs.horizon().length() - 1;
    for (Node node : program.tree().nodes()) {
      for (int p = 0; node.quarter() == last && p < inputs.sites().get(s).phases().size(); p++) {
        int column = program.columns().phase[s][p][node.index()];
        if (column >= 0) {
          weights[column] += node.probability() * inputs.sites().get(s).phases().get(p).megawatts();
        }
      }
    }
    return weights;
  }

  private double[] vendor(String vendor) {
    double[] weights = new double[near.columns()];
    int last = inputs.horizon().length() - 1;
    for (Node node : program.tree().nodes()) {
      for (int h = 0; node.quarter() == last && h < inputs.chips().size(); h++) {
        Chip chip = inputs.chips().get(h);
        for (int s = 0; s < inputs.sites().size(); s++) {
          int column = program.columns().stock[h][s][node.index()];
          if (column >= 0 && chip.vendor().equals(vendor)) {
            weights[column] += node.probability() * chip.kilowatts() / 1000;
          }
        }
      }
    }
    return weights;
  }

  private Freedom freedom(String what, double[] weights) {
    double[] negative = weights.clone();
    double inPlan = 0;
    for (int j = 0; j < weights.length; j++) {
      negative[j] = -weights[j];
      inPlan += weights[j] * asked.point()[j];
    }
    // Of a large program the relaxation tells how far no plan goes.
    boolean isLarge = Search.isLarge(near);
    LinearProgram wanted = isLarge ? near.relaxed() : near;
    Solution least = asked.solveFromHere(wanted.withCost(weights));
    Solution most = asked.solveFromHere(wanted.withCost(negative));
    return new Freedom(
        what,
        "MW",
        inPlan,
        least.hasPoint() ? least.cost() : inPlan,
        most.hasPoint() ? -most.cost() : inPlan,
        !isLarge
            && least.status() == Solution.Status.OPTIMAL
            && most.status() == Solution.Status.OPTIMAL);
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ExtraRows;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;

/**
 * A plan's program with the plan's whole numbers as they are: what its linear program tells of
 * prices, and where questions about the plan begin.
 *
 * @param program with the cuts that its losses of sites needed
 * @param solution of the linear program
 */
record Settled(PlanProgram program, Solution solution) {
  private static final int MOST_CUT_ROUNDS = 30;

  static Settled of(Plan plan, Solvers solvers, Limits limits) {
    PlanProgram program = keepingGoals(plan, PlanProgram.of(plan.inputs()));
    double[] x = wholeNumbers(program, plan.decisions());
    LossCuts lossCuts = new LossCuts();
    Solution solution = solvers.solve(program.program().withWholeAt(x), limits);
    for (int round = 0; round < MOST_CUT_ROUNDS && solution.hasPoint(); round++) {
      ExtraRows cuts = lossCuts.of(program, solution.x());
      if (cuts.size() == 0) {
        break;
      }
      program = program.with(cuts.appendedTo(program.program()));
      solution = solvers.solve(program.program().withWholeAt(x), limits);
    }
    return new Settled(program, solution);
  }

  /** With a row for each goal besides that of money, which is the program's cost. */
  private static PlanProgram keepingGoals(Plan plan, PlanProgram program) {
    PlanProgram kept = program;
    AimVectors vectors = new AimVectors(program);
    for (Plan.Reached one : plan.reached()) {
      if (!plan.isGoal(one.aim())) {
        double most = AimVectors.most(one.amount(), Math.abs(one.amount()), 1e-6);
        kept =
            kept.with(AimVectors.keeping(kept.program(), one.aim(), vectors.of(one.aim()), most));
      }
    }
    return kept;
  }

  /** The whole columns of a program as decisions have them; nothing elsewhere. */
  static double[] wholeNumbers(PlanProgram program, Decisions decisions) {
    PlanInputs inputs = program.inputs();
    double[] x = new double[program.program().columns()];
    for (Decisions.PhaseStart start : decisions.phases()) {
      int s = index(inputs.sites().stream().map(one -> one.name()).toList(), start.site());
      int p =
          index(
              inputs.sites().get(s).phases().stream().map(one -> one.name()).toList(),
              start.phase());
      Node begun = program.tree().node(start.scenario(), start.quarter());
      for (Node node : program.tree().nodes()) {
        int column = program.columns().phase[s][p][node.index()];
        if (column >= 0 && leadsTo(program, begun, node)) {
          x[column] = 1;
        }
      }
    }
    for (Decisions.Order order : decisions.orders()) {
      int h = index(inputs.chips().stream().map(one -> one.name()).toList(), order.chip());
      int s = index(inputs.sites().stream().map(one -> one.name()).toList(), order.site());
      Node node = program.tree().node(order.scenario(), order.quarter());
      x[program.columns().order[h][s][node.index()]] =
          order.servers() / inputs.chips().get(h).batch();
    }
    return x;
  }

  private static boolean leadsTo(PlanProgram program, Node from, Node to) {
    return to.quarter() >= from.quarter()
        && program.tree().after(from, to.quarter()).stream()
            .anyMatch(node -> node.index() == to.index());
  }

  private static int index(java.util.List<String> names, String wanted) {
    int at = names.indexOf(wanted);
    if (at < 0) {
      throw new IllegalArgumentException(wanted);
    }
    return at;
  }
}

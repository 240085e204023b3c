package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.plan.Uncertainty;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.SolverFailure;
import io.yuntai.planner.statements.Goals;
import java.util.ArrayList;
import java.util.List;

/**
 * What not knowing costs (J. Birge and F. Louveaux): the value of perfect information by plans for
 * each scenario alone, and that of planning for all by the plan for the mean, whose first decisions
 * are kept when the scenarios part.
 */
final class Unknown {
  private final Plan plan;
  private final PlanInputs inputs;
  private final Optimum optimum;
  private final Solvers solvers;
  private final Effort effort;

  Unknown(Plan plan, Optimum optimum, Solvers solvers, Effort effort) {
    this.plan = plan;
    inputs = plan.inputs();
    this.optimum = optimum;
    this.solvers = solvers;
    this.effort = effort;
  }

  Uncertainty reckon() {
    Foresight foresight = new Foresight(inputs);
    List<Uncertainty.Regret> regrets = new ArrayList<>();
    double knowing = 0;
    double expected = 0;
    double[] values = new double[inputs.scenarios().size()];
    for (int s = 0; s < values.length; s++) {
      Scenario scenario = inputs.scenarios().get(s);
      Statement statement = plan.statements().get(s);
      values[s] = Goals.value(neutral(foresight.of(scenario)), List.of(statement));
      double best = value(foresight.of(scenario)).value();
      regrets.add(new Uncertainty.Regret(scenario.name(), values[s], best));
      knowing += scenario.probability() * best;
      expected += scenario.probability() * values[s];
    }
    return new Uncertainty(
        expected,
        Goals.tailMean(inputs, values),
        expected - plannedForMean(foresight),
        knowing - expected,
        regrets);
  }

  private Plan value(PlanInputs known) {
    Outcome outcome = optimum.solve(neutral(known), effort, _ -> {});
    if (outcome instanceof Outcome.Planned(Plan found)) {
      return found;
    }
    throw new SolverFailure(
        "What knowing the future is worth can't be told: no plan was found for %s."
            .formatted(known.scenarios().getFirst().name()));
  }

  /** Risk has no meaning where the future is certain. */
  private static PlanInputs neutral(PlanInputs known) {
    return known.with(known.rules().withoutRisk());
  }

  /**
   * The value expected when what is decided before the scenarios part was planned for their mean.
   */
  private double plannedForMean(Foresight foresight) {
    Plan mean = value(foresight.mean());
    Decisions first = Foresight.first(mean, inputs);
    PlanProgram program = PlanProgram.of(neutral(inputs));
    double[] fixed = Settled.wholeNumbers(program, first);
    double[] lower = program.program().lower().clone();
    double[] upper = program.program().upper().clone();
    int parts = inputs.scenarios().stream().skip(1).mapToInt(Foresight::parts).min().orElse(0);
    for (Node node : program.tree().nodes()) {
      if (node.quarter() < parts) {
        fix(program, node, fixed, lower, upper);
      }
    }
    Solution solution =
        solvers.solve(program.program().withBounds(lower, upper), Optimum.limits(effort));
    if (!solution.hasPoint()) {
      throw new SolverFailure(
          "What planning for all scenarios is worth can't be told: the plan for their mean can't be followed in all of them.");
    }
    return -solution.cost();
  }

  private static void fix(
      PlanProgram program, Node node, double[] fixed, double[] lower, double[] upper) {
    for (int[][] bySite : program.columns().phase) {
      for (int[] byNode : bySite) {
        fix(byNode[node.index()], fixed, lower, upper);
      }
    }
    for (int[][] byChip : program.columns().order) {
      for (int[] byNode : byChip) {
        fix(byNode[node.index()], fixed, lower, upper);
      }
    }
  }

  private static void fix(int column, double[] fixed, double[] lower, double[] upper) {
    if (column >= 0) {
      lower[column] = fixed[column];
      upper[column] = fixed[column];
    }
  }
}

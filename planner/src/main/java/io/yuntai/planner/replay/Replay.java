package io.yuntai.planner.replay;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.statements.Statements;
import java.util.ArrayList;
import java.util.List;

/**
 * An old plan under the demand that came.
 *
 * @param expected net present value that it was made for, in its first scenario; in millions
 * @param came of what it built and ordered, with work done as well as it could be
 * @param known of the plan that would have been made by who knew; feasible for the gap asked for
 * @param statement of what came
 * @param quarters that were metered; the others are as they were expected
 */
public record Replay(
    double expected, double came, double known, Statement statement, int quarters) {
  /** What not knowing has cost, in millions; a little below 0 where the other plan has a gap. */
  public double regret() {
    return known - came;
  }

  /**
   * Values an old plan.
   *
   * @throws PlannerException when the plan that knows can't be found
   */
  public static Replay of(Plan old, ActualDemand actual, Optimum optimum, Effort effort) {
    PlanInputs inputs = certain(old.inputs()).with(actual.demand());
    Decisions built = built(old);
    Dispatch dispatch = new Dispatch(inputs, built);
    List<Decisions.Work> work = new ArrayList<>();
    List<Decisions.Busy> busy = new ArrayList<>();
    List<Decisions.Unserved> unserved = new ArrayList<>();
    String name = inputs.scenarios().getFirst().name();
    for (int t = 0; t < inputs.horizon().length(); t++) {
      Decisions one = solve(optimum, dispatch.quarter(t), effort).decisions();
      for (Decisions.Work each : one.work()) {
        work.add(
            new Decisions.Work(
                each.workClass(),
                each.region(),
                each.place(),
                each.block(),
                t,
                name,
                each.unitsPerSecond()));
      }
      for (Decisions.Busy each : one.busy()) {
        busy.add(
            new Decisions.Busy(
                each.workClass(),
                each.place(),
                each.chip(),
                each.block(),
                t,
                name,
                each.servers()));
      }
      for (Decisions.Unserved each : one.unserved()) {
        unserved.add(
            new Decisions.Unserved(
                each.workClass(), each.region(), each.block(), t, name, each.unitsPerSecond()));
      }
    }
    Decisions all =
        new Decisions(
            built.phases(),
            built.orders(),
            built.retirements(),
            built.commitments(),
            work,
            busy,
            unserved,
            List.of(),
            List.of());
    Statement statement = Statements.of(inputs, all).getFirst();
    Plan knowing = solve(optimum, inputs, effort);
    return new Replay(
        old.statements().getFirst().netPresentValue(),
        statement.netPresentValue(),
        knowing.statements().getFirst().netPresentValue(),
        statement,
        actual.quarters());
  }

  private static Plan solve(Optimum optimum, PlanInputs inputs, Effort effort) {
    return switch (optimum.solve(inputs, effort, _ -> {})) {
      case Outcome.Planned(Plan plan) -> plan;
      case Outcome.Infeasible(var _, String sentence) ->
          throw new PlannerException("Under the demand that came: " + sentence);
      case Outcome.Unsolved(String sentence) -> throw new PlannerException(sentence);
    };
  }

  /** The first scenario alone. */
  private static PlanInputs certain(PlanInputs inputs) {
    Scenario first = inputs.scenarios().getFirst();
    return inputs.withScenarios(
        List.of(
            new Scenario(
                first.name(),
                1,
                "",
                0,
                first.demandFactor(),
                first.priceFactor(),
                first.energyFactor(),
                first.supply())));
  }

  /** What was built, ordered and reserved in the first scenario. */
  private static Decisions built(Plan old) {
    var tree = old.inputs().tree();
    String name = old.inputs().scenarios().getFirst().name();
    Decisions all = old.decisions();
    return new Decisions(
        all.phases().stream()
            .filter(one -> tree.node(name, one.quarter()).scenario().name().equals(one.scenario()))
            .toList(),
        all.orders().stream()
            .filter(one -> tree.node(name, one.quarter()).scenario().name().equals(one.scenario()))
            .toList(),
        all.retirements().stream()
            .filter(one -> tree.node(name, one.quarter()).scenario().name().equals(one.scenario()))
            .toList(),
        all.commitments().stream()
            .filter(one -> tree.node(name, one.quarter()).scenario().name().equals(one.scenario()))
            .toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}

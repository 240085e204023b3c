package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Inputs as they would be if the future were known: of one scenario, or of the mean of all. */
final class Foresight {
  private final PlanInputs inputs;

  Foresight(PlanInputs inputs) {
    this.inputs = inputs;
  }

  /** One scenario, certain from the beginning. */
  PlanInputs of(Scenario scenario) {
    return certain(
        scenario.name(),
        (work, region, block, t) -> inputs.demand().at(work, region, block, t, scenario),
        scenario.priceFactor(),
        scenario.energyFactor(),
        scenario.supply());
  }

  /** The mean of all. */
  PlanInputs mean() {
    Map<String, Series> supply = new HashMap<>();
    inputs
        .chips()
        .forEach(chip ->
            supply.put(
                chip.name(),
                series(t ->
                    mean(one -> one.supply().getOrDefault(chip.name(), chip.supply()).at(t)))));
    return certain(
        "mean",
        (work, region, block, t) -> mean(one -> inputs.demand().at(work, region, block, t, one)),
        series(t -> mean(one -> one.priceFactor().at(t))),
        series(t -> mean(one -> one.energyFactor().at(t))),
        supply);
  }

  private interface At {
    double of(String work, String region, String block, int quarter);
  }

  private interface AtQuarter {
    double of(int quarter);
  }

  private Series series(AtQuarter at) {
    return Series.of(IntStream.range(0, inputs.horizon().length()).mapToDouble(at::of).toArray());
  }

  private double mean(ToDoubleFunction<Scenario> of) {
    return inputs.scenarios().stream()
        .mapToDouble(one -> one.probability() * of.applyAsDouble(one))
        .sum();
  }

  private PlanInputs certain(
      String name, At demand, Series prices, Series energy, Map<String, Series> supply) {
    List<Demand.Row> rows = new ArrayList<>();
    for (WorkClass work : inputs.classes()) {
      for (String region : inputs.regions()) {
        for (LoadBlock block : inputs.blocks()) {
          rows.add(
              new Demand.Row(
                  work.name(),
                  region,
                  block.name(),
                  "",
                  series(t -> demand.of(work.name(), region, block.name(), t))));
        }
      }
    }
    return inputs
        .with(Demand.of(List.of()))
        .withScenarios(List.of(new Scenario(name, 1, "", 0, Series.ONE, prices, energy, supply)))
        .with(Demand.of(rows));
  }

  /** The quarter from which on a scenario is not one with an earlier one. */
  static int parts(Scenario scenario) {
    return scenario.splitsFrom().isEmpty() ? 0 : scenario.splitQuarter();
  }

  /**
   * The scenarios' inputs with what a plan decided before they part already decided: its phases and
   * orders of the quarters in which all scenarios are one.
   */
  static Decisions first(Plan plan, PlanInputs inputs) {
    String scenario = inputs.scenarios().getFirst().name();
    int parts = inputs.scenarios().stream().skip(1).mapToInt(Foresight::parts).min().orElse(0);
    Decisions all = plan.decisions();
    return new Decisions(
        all.phases().stream()
            .filter(one -> one.quarter() < parts)
            .map(one -> new Decisions.PhaseStart(one.site(), one.phase(), one.quarter(), scenario))
            .toList(),
        all.orders().stream()
            .filter(one -> one.quarter() < parts)
            .map(one ->
                new Decisions.Order(one.chip(), one.site(), one.quarter(), scenario, one.servers()))
            .toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}

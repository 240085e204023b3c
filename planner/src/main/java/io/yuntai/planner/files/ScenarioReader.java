package io.yuntai.planner.files;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code [scenarios.NAME]}; without any the future is certain. What a scenario says holds
 * from the quarter on in which it is known; before, it is one with the scenario that it splits
 * from.
 */
final class ScenarioReader {
  private ScenarioReader() {}

  static List<Scenario> scenarios(PlanCells top, List<Chip> chips) {
    List<Scenario> scenarios = new ArrayList<>();
    for (PlanCells.Named one : top.named("scenarios")) {
      PlanCells cells = one.cells();
      Scenario told =
          cells.made(() ->
              new Scenario(
                  one.name(),
                  cells.share("probability", 0),
                  String.valueOf(cells.text("splits-from", "")),
                  Math.max(0, cells.quarter("known-from", 0)),
                  cells.series("demand", "1", Series.ONE),
                  cells.series("chip-prices", "1", Series.ONE),
                  cells.series("power-prices", "1", Series.ONE),
                  supply(cells.table("supply"))));
      cells.end();
      Scenario from =
          scenarios.stream()
              .filter(before -> before.name().equals(told.splitsFrom()))
              .findFirst()
              .orElse(null);
      scenarios.add(from == null ? told : joined(from, told, chips));
    }
    return scenarios.isEmpty() ? List.of(Scenario.certain()) : scenarios;
  }

  private static Map<String, Series> supply(PlanCells cells) {
    Map<String, Series> supply = new LinkedHashMap<>();
    for (String chip : cells.names()) {
      supply.put(chip, cells.series(chip, "server/quarter"));
    }
    return supply;
  }

  private static Scenario joined(Scenario from, Scenario told, List<Chip> chips) {
    int split = told.splitQuarter();
    Map<String, Series> supply = new LinkedHashMap<>(told.supply());
    for (Chip chip : chips) {
      Series before = from.supply().get(chip.name());
      Series after = told.supply().get(chip.name());
      if (before != null || after != null) {
        supply.put(chip.name(), joined(or(before, chip.supply()), or(after, chip.supply()), split));
      }
    }
    return new Scenario(
        told.name(),
        told.probability(),
        told.splitsFrom(),
        split,
        joined(from.demandFactor(), told.demandFactor(), split),
        joined(from.priceFactor(), told.priceFactor(), split),
        joined(from.energyFactor(), told.energyFactor(), split),
        supply);
  }

  private static Series or(@Nullable Series series, Series otherwise) {
    return series == null ? otherwise : series;
  }

  private static Series joined(Series before, Series after, int split) {
    double[] values = new double[Math.max(after.size(), split + 1)];
    Arrays.setAll(values, t -> t < split ? before.at(t) : after.at(t));
    return Series.of(values);
  }
}

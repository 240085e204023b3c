package io.yuntai.planner.files;

import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code [scenarios.NAME]}; without any the future is certain. */
final class ScenarioReader {
  private ScenarioReader() {}

  static List<Scenario> scenarios(PlanCells top) {
    List<Scenario> scenarios = new ArrayList<>();
    for (PlanCells.Named one : top.named("scenarios")) {
      PlanCells cells = one.cells();
      scenarios.add(
          cells.made(() ->
              new Scenario(
                  one.name(),
                  cells.share("probability", 0),
                  String.valueOf(cells.text("splits-from", "")),
                  Math.max(0, cells.quarter("known-from", 0)),
                  cells.series("demand", "1", Series.ONE),
                  cells.series("chip-prices", "1", Series.ONE),
                  cells.series("power-prices", "1", Series.ONE),
                  supply(cells.table("supply")))));
      cells.end();
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
}

package io.yuntai.planner.files;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    List<PlanCells.Named> named = top.named("scenarios");
    for (PlanCells.Named one : named) {
      PlanCells cells = one.cells();
      parting(cells, scenarios);
      Scenario told =
          cells.made(() ->
              new Scenario(
                  one.name(),
                  probability(cells),
                  String.valueOf(cells.text("splits-from", "")),
                  cells.quarter("known-from", 0),
                  cells.amounts("demand", "1", Series.ONE),
                  cells.amounts("chip-prices", "1", Series.ONE),
                  cells.amounts("power-prices", "1", Series.ONE),
                  supply(cells.table("supply"))));
      cells.end();
      Scenario from =
          scenarios.stream()
              .filter(before -> before.name().equals(told.splitsFrom()))
              .findFirst()
              .orElse(null);
      scenarios.add(from == null ? told : joined(from, told, chips));
    }
    if (scenarios.isEmpty()) {
      return List.of(Scenario.certain());
    }
    certain(named.getLast().cells(), scenarios);
    return scenarios;
  }

  private static double probability(PlanCells cells) {
    double probability = cells.number("probability", "1");
    if (!(probability > 0 && probability <= 1)) {
      throw cells.slip(
          "probability",
          "%s is no probability above 0 and up to 1; leave a scenario out that can't come, and write \"30 %%\" for three in ten"
              .formatted(CellText.plain(probability)));
    }
    return probability;
  }

  /** Probabilities add up to 1. */
  private static void certain(PlanCells last, List<Scenario> scenarios) {
    double sum = scenarios.stream().mapToDouble(Scenario::probability).sum();
    if (Math.abs(sum - 1) > 1e-9) {
      double others = sum - scenarios.getLast().probability();
      String all =
          scenarios.stream()
              .map(one -> "%s %s".formatted(one.name(), CellText.plain(one.probability())))
              .collect(Collectors.joining(", "));
      throw last.slip(
          "probability",
          "the probabilities of all scenarios (%s) add up to %s, and must add up to 1; %s"
              .formatted(
                  all,
                  CellText.plain(sum),
                  others < 1 - 1e-9
                      ? "with the others as they are, this one is " + CellText.plain(1 - others)
                      : "the others are 1 or more already, so lower those"));
    }
  }

  /** From which scenario this one splits, and when. */
  private static void parting(PlanCells cells, List<Scenario> before) {
    if (!cells.has("splits-from")) {
      if (cells.has("known-from")) {
        throw cells.slip(
            "known-from",
            "a scenario is known from a quarter on that goes with another before; name it by splits-from, or leave this out");
      }
      return;
    }
    cells.among(
        "splits-from",
        "scenario told before this one",
        before.stream().map(Scenario::name).toList());
    int last = cells.source().quarters - 1;
    int known = cells.quarter("known-from", 0);
    if (known < 1 || known > last) {
      throw cells.slip(
          "known-from",
          "what splits from another scenario is known from a quarter between %s and %s on"
              .formatted(cells.source().first.plus(1), cells.source().first.plus(last)));
    }
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

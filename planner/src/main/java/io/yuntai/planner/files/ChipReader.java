package io.yuntai.planner.files;

import io.yuntai.planner.capacity.Accelerator;
import io.yuntai.planner.capacity.Accelerator.Precision;
import io.yuntai.planner.capacity.Efficiency;
import io.yuntai.planner.capacity.ReplicaRate;
import io.yuntai.planner.capacity.RequestClass;
import io.yuntai.planner.capacity.Roofline;
import io.yuntai.planner.capacity.ServedModel;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code [chips.NAME]}, and what servers do in a second. */
final class ChipReader {
  private static final String RATE = "token/s/server";
  private static final Map<String, Precision> PRECISIONS =
      Map.of("bf16", Precision.BF16, "fp8", Precision.FP8, "int4", Precision.INT4);

  private ChipReader() {}

  static List<Chip> chips(PlanCells top) {
    List<Chip> chips = new ArrayList<>();
    for (PlanCells.Named one : top.named("chips")) {
      PlanCells cells = one.cells();
      chips.add(
          cells.made(() ->
              new Chip(
                  one.name(),
                  cells.text("vendor"),
                  cells.series("price", "million ¤/server"),
                  cells.share("paid-at-order", 0),
                  cells.number("power", "kW/server"),
                  cells.share("idle", 0.3),
                  cells.flag("liquid", false),
                  cells.number("racks", "rack/server", 0),
                  cells.count("batch", 1),
                  cells.flag("whole-batches", false),
                  cells.quarters("lead", 0),
                  cells.quarters("book", 20),
                  cells.quarters("life", 24),
                  cells.number("upkeep", "1/year", 0),
                  cells.series("supply", "server/quarter", Series.UNLIMITED),
                  cells.number("resale-loss", "1/year", 0.35),
                  rates(cells.table("serves")))));
      cells.end();
    }
    return chips;
  }

  /** What a server serves of each class a second. */
  static Map<String, Double> rates(PlanCells serves) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String work : serves.names()) {
      rates.put(work, serves.isTable(work) ? best(serves.table(work)) : serves.number(work, RATE));
    }
    return rates;
  }

  /** One's own measurement before what others publish, and that before the hardware's limits. */
  private static double best(PlanCells cells) {
    double rate;
    String how;
    if (cells.has("measured")) {
      rate = cells.number("measured", RATE);
      how = "measured";
    } else if (cells.has("published")) {
      rate = cells.number("published", RATE);
      how = "published by others";
    } else {
      rate = roofline(cells.table("roofline"));
      how = "by the hardware's limits; measure your own before money is spent";
    }
    for (String better : List.of("measured", "published", "roofline")) {
      cells.has(better);
    }
    cells.end();
    cells
        .source()
        .note(
            "%s is %s tokens a second for a server, %s."
                .formatted(cells.path(), CellText.plain(rate), how));
    return rate;
  }

  private static double roofline(PlanCells cells) {
    Facts facts = cells.source().facts;
    Precision precision = cells.choice("precision", "fp8", PRECISIONS);
    double accelerators = cells.number("accelerators", "accelerator/server", 8);
    RequestClass requests =
        cells.made(() ->
            new RequestClass(
                cells.number("input", "token/request"),
                cells.share("cached", 0),
                cells.number("output", "token/request"),
                cells.number("per-token", "s", 0.05)));
    String chip = cells.text("chip");
    String model = cells.text("model");
    cells.end();
    return cells.made(() -> {
      List<ReplicaRate> replicas =
          Roofline.replicas(
              Accelerator.of(facts, chip, precision),
              ServedModel.of(facts, model, precision),
              requests,
              Efficiency.of(facts));
      double perAccelerator =
          replicas.stream()
              .map(rate -> 1 / (rate.secondsPerRequest(requests) * rate.accelerators()))
              .max(Comparator.naturalOrder())
              .orElse(0.0);
      return perAccelerator * accelerators * requests.outputTokens();
    });
  }
}

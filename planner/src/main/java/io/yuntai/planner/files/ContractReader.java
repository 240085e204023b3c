package io.yuntai.planner.files;

import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Contract.Kind;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code [contracts.NAME]}. */
final class ContractReader {
  private static final Map<String, Kind> KINDS =
      Map.of("on-demand", Kind.ON_DEMAND, "reserved", Kind.RESERVED, "api", Kind.API);

  private ContractReader() {}

  static List<Contract> contracts(PlanCells top) {
    List<Contract> contracts = new ArrayList<>();
    for (PlanCells.Named one : top.named("contracts")) {
      PlanCells cells = one.cells();
      Kind kind = cells.choice("kind", "on-demand", KINDS);
      boolean api = kind == Kind.API;
      contracts.add(
          cells.made(() ->
              new Contract(
                  one.name(),
                  cells.texts("regions"),
                  kind,
                  api
                      ? cells.series("price-factor", "1", Series.ONE)
                      : cells.series("price", "¤/h/server"),
                  cells.number("upfront", "million ¤/server", 0),
                  cells.quarters("term", 1),
                  cells.series("most", api ? "token/s" : "server", Series.UNLIMITED),
                  api ? prices(cells.table("serves")) : ChipReader.rates(cells.table("serves")))));
      cells.end();
    }
    return contracts;
  }

  private static Map<String, Double> prices(PlanCells serves) {
    Map<String, Double> prices = new LinkedHashMap<>();
    for (String work : serves.names()) {
      prices.put(work, serves.number(work, "¤/million token"));
    }
    return prices;
  }
}

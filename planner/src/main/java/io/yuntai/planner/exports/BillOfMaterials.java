package io.yuntai.planner.exports;

import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What has to be ordered for a site: servers with racks, power, cooling and the network's share, by
 * quarter in which it must be there. Servers' prices hold their share of the network.
 */
public final class BillOfMaterials {
  /** Of what a cluster costs, that is its network: Epoch AI, training-cost-trends, 2024. */
  public static final double NETWORK_SHARE = 0.19;

  private BillOfMaterials() {}

  /** One row for each site and quarter in which something arrives or opens. */
  public static Table of(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      for (Site site : inputs.sites()) {
        for (int t = 0; t < sums.length(); t++) {
          row(rows, inputs, scenario, sums, site, t);
        }
      }
    }
    return new Table(
        List.of(
            "scenario",
            "quarter",
            "site",
            "phases",
            "servers",
            "racks",
            "it_mw",
            "cooling_mw",
            "liquid_mw",
            "server_millions",
            "network_millions",
            "hall_millions"),
        rows);
  }

  private static void row(
      List<List<Object>> rows,
      PlanInputs inputs,
      Scenario scenario,
      PlanSums sums,
      Site site,
      int quarter) {
    double servers = 0;
    double racks = 0;
    double megawatts = 0;
    double liquid = 0;
    double millions = 0;
    for (Map.Entry<PlanSums.Place, double[]> one : sums.orders().entrySet()) {
      Chip chip = inputs.chip(one.getKey().chip());
      int ordered = quarter - chip.leadQuarters();
      if (one.getKey().site().equals(site.name()) && ordered >= 0) {
        double count = one.getValue()[ordered];
        servers += count;
        racks += count * chip.racks();
        megawatts += count * chip.kilowatts() / 1000;
        liquid += chip.liquid() ? count * chip.kilowatts() / 1000 : 0;
        millions += count * chip.price().at(ordered) * scenario.priceFactor().at(ordered);
      }
    }
    List<PlanSums.Built> opening =
        sums.built().stream()
            .filter(one -> one.site().equals(site) && one.opens() == quarter)
            .toList();
    if (servers > 0 || !opening.isEmpty()) {
      rows.add(
          List.of(
              scenario.name(),
              inputs.horizon().label(quarter),
              site.name(),
              String.join("; ", opening.stream().map(one -> one.phase().name()).toList()),
              servers,
              Math.ceil(racks),
              megawatts,
              megawatts * (site.pue() - 1),
              liquid,
              millions * (1 - NETWORK_SHARE),
              millions * NETWORK_SHARE,
              opening.stream().mapToDouble(one -> one.phase().price()).sum()));
    }
  }
}

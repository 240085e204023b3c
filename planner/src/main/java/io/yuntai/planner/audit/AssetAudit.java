package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Phases, orders, stocks, halls and grid. */
final class AssetAudit {
  private final PlanInputs inputs;
  private final Decisions decisions;
  private final Scenario scenario;
  private final Stocks stocks;
  private final Findings findings;
  private final int length;

  AssetAudit(
      PlanInputs inputs, Decisions decisions, Scenario scenario, Stocks stocks, Findings findings) {
    this.inputs = inputs;
    this.decisions = decisions;
    this.scenario = scenario;
    this.stocks = stocks;
    this.findings = findings;
    length = inputs.horizon().length();
  }

  void run() {
    orders();
    for (Site site : inputs.sites()) {
      Map<String, Integer> begun = begun(site);
      for (int t = 0; t < length; t++) {
        hall(site, begun, t);
        for (Chip chip : inputs.chips()) {
          stock(chip, site, t);
        }
      }
    }
  }

  private void orders() {
    Map<String, BigDecimal> supplied = new HashMap<>();
    for (Decisions.Order order : decisions.orders()) {
      if (!stocks.holds(order.scenario(), order.quarter())) {
        continue;
      }
      Chip chip = inputs.chip(order.chip());
      String what = "the order of %s for %s".formatted(order.chip(), order.site());
      BigDecimal servers = Decimals.of(order.servers());
      findings.atMost(BigDecimal.ZERO, servers, "nothing against " + what);
      if (order.quarter() < 0 || order.quarter() >= inputs.horizon().quarters()) {
        findings.broken(
            "%s is in quarter %d, when nothing may be ordered".formatted(what, order.quarter()));
      }
      if (chip.wholeBatches()
          && servers.remainder(BigDecimal.valueOf(chip.batch())).signum() != 0) {
        findings.broken("%s is of %s servers, not of whole batches".formatted(what, servers));
      }
      if (inputs.rules().banned().contains(new Rules.Ban(order.chip(), order.site()))) {
        findings.broken(what + " is banned");
      }
      supplied.merge(order.chip() + "\n" + order.quarter(), servers, BigDecimal::add);
    }
    for (Chip chip : inputs.chips()) {
      for (int t = 0; t < length; t++) {
        double supply = scenario.supply().getOrDefault(chip.name(), chip.supply()).at(t);
        if (Double.isFinite(supply)) {
          findings.atMost(
              supplied.getOrDefault(chip.name() + "\n" + t, BigDecimal.ZERO),
              Decimals.of(supply),
              "supply of " + chip.name() + when(t));
        }
      }
    }
  }

  private String when(int quarter) {
    return " in %s of %s".formatted(inputs.horizon().label(quarter), scenario.name());
  }

  /** The quarter in which each phase was begun, and whether they were begun as they may be. */
  private Map<String, Integer> begun(Site site) {
    Map<String, Integer> begun = new HashMap<>();
    for (Decisions.PhaseStart start : decisions.phases()) {
      if (start.site().equals(site.name())
          && stocks.holds(start.scenario(), start.quarter())
          && begun.put(start.phase(), start.quarter()) != null) {
        findings.broken("%s of %s is begun twice".formatted(start.phase(), site.name()));
      }
    }
    int before = 0;
    boolean all = true;
    for (Phase phase : site.phases()) {
      Integer quarter = begun.get(phase.name());
      if (quarter == null) {
        all = false;
        continue;
      }
      String what = "%s of %s".formatted(phase.name(), site.name());
      if (!all || quarter < before) {
        findings.broken(what + " is begun before the phase that comes first");
      }
      if (quarter < phase.earliestQuarter() || quarter >= inputs.horizon().quarters()) {
        findings.broken("%s is begun in quarter %d, when it may not".formatted(what, quarter));
      }
      before = quarter;
    }
    return begun;
  }

  private void stock(Chip chip, Site site, int t) {
    String what = "%s in %s%s".formatted(chip.name(), site.name(), when(t));
    findings.atMost(
        BigDecimal.ZERO,
        stocks.stock(chip.name(), site.name(), t),
        "nothing against stock of " + what);
    findings.atMost(
        stocks.agedBy(chip, site.name(), t),
        stocks.retiredBy(chip.name(), site.name(), t),
        "those too old against those retired of " + what);
  }

  private void hall(Site site, Map<String, Integer> begun, int t) {
    BigDecimal megawatts = Decimals.of(site.openMegawatts());
    BigDecimal liquid = Decimals.of(site.openLiquidMegawatts());
    double racks = site.openRacks();
    for (Phase phase : site.phases()) {
      Integer start = begun.get(phase.name());
      if (start != null && start + phase.leadQuarters() <= t) {
        megawatts = megawatts.add(Decimals.of(phase.megawatts()));
        liquid = liquid.add(Decimals.of(phase.liquidMegawatts()));
        racks += phase.racks();
      }
    }
    BigDecimal load = BigDecimal.ZERO;
    BigDecimal liquidLoad = BigDecimal.ZERO;
    BigDecimal rackLoad = BigDecimal.ZERO;
    for (Chip chip : inputs.chips()) {
      BigDecimal stock = stocks.stock(chip.name(), site.name(), t);
      BigDecimal power = Decimals.times(stock, chip.kilowatts()).movePointLeft(3);
      load = load.add(power);
      liquidLoad = chip.liquid() ? liquidLoad.add(power) : liquidLoad;
      rackLoad = rackLoad.add(Decimals.times(stock, chip.racks()));
    }
    String where = " of %s%s".formatted(site.name(), when(t));
    findings.atMost(load, megawatts, "power in halls" + where);
    findings.atMost(liquidLoad, liquid, "liquid cooling" + where);
    if (Double.isFinite(racks)) {
      findings.atMost(rackLoad, Decimals.of(racks), "racks" + where);
    }
    double grid = site.gridMegawatts().at(t);
    if (Double.isFinite(grid)) {
      findings.atMost(Decimals.times(load, site.pue()), Decimals.of(grid), "grid" + where);
    }
  }
}

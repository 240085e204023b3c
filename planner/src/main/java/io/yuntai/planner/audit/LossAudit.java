package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * After the loss of any one site the others carry what was promised of the work that sites did, in
 * each peak block. The plan tells how; this checks that it is so.
 */
final class LossAudit {
  private final PlanInputs inputs;
  private final Scenario scenario;
  private final Stocks stocks;
  private final Served served;
  private final Findings findings;
  private final Map<Key, BigDecimal> carried = new HashMap<>();
  private final Map<Key, BigDecimal> taken = new HashMap<>();

  private record Key(String lost, String a, String b, String block, int quarter) {}

  LossAudit(
      PlanInputs inputs,
      Decisions decisions,
      Scenario scenario,
      Stocks stocks,
      Served served,
      Findings findings) {
    this.inputs = inputs;
    this.scenario = scenario;
    this.stocks = stocks;
    this.served = served;
    this.findings = findings;
    for (Decisions.AfterLoss one : decisions.afterLoss()) {
      if (stocks.holds(one.scenario(), one.quarter())) {
        add(one);
      }
    }
  }

  private void add(Decisions.AfterLoss one) {
    WorkClass work = inputs.workClass(one.workClass());
    boolean reaches =
        inputs.site(one.site()).links().stream()
            .anyMatch(
                link -> link.region().equals(one.region()) && link.millis() <= work.mostMillis());
    boolean resides =
        inputs.rules().residency().stream()
            .filter(rule ->
                rule.workClass().equals(one.workClass()) && rule.region().equals(one.region()))
            .map(Rules.Residency::allowed)
            .allMatch(allowed -> allowed.contains(one.site()));
    if (!reaches || !resides || one.site().equals(one.lost())) {
      findings.broken(
          "after the loss of %s, %s may not serve %s of %s"
              .formatted(one.lost(), one.site(), one.workClass(), one.region()));
    }
    BigDecimal units = Decimals.of(one.unitsPerSecond());
    Chip chip = inputs.chip(one.chip());
    double rate = chip.rate(one.workClass()) * work.usableLoad();
    if (rate == 0) {
      findings.broken("%s can't serve %s".formatted(one.chip(), one.workClass()));
      return;
    }
    carried.merge(
        new Key(one.lost(), one.workClass(), one.region(), one.block(), one.quarter()),
        units,
        BigDecimal::add);
    taken.merge(
        new Key(one.lost(), one.site(), one.chip(), one.block(), one.quarter()),
        Decimals.by(units, rate),
        BigDecimal::add);
  }

  void run() {
    for (Site lost : inputs.sites()) {
      for (LoadBlock block : inputs.blocks()) {
        for (int t = 0; block.peak() && t < inputs.horizon().length(); t++) {
          check(lost, block.name(), t);
        }
      }
    }
  }

  private void check(Site lost, String block, int t) {
    if (served.byPlace(lost.name(), block, t).signum() == 0) {
      return;
    }
    String when =
        " after the loss of %s in %s of %s"
            .formatted(lost.name(), inputs.horizon().label(t), scenario.name());
    for (WorkClass work : inputs.classes()) {
      for (String region : inputs.regions()) {
        BigDecimal promised = BigDecimal.ZERO;
        for (Site site : inputs.sites()) {
          promised = promised.add(served.onWay(work.name(), region, site.name(), block, t));
        }
        promised = Decimals.times(promised, work.standing().keptShare());
        findings.atMost(
            promised,
            carried.getOrDefault(
                new Key(lost.name(), work.name(), region, block, t), BigDecimal.ZERO),
            "what was promised of %s in %s%s".formatted(work.name(), region, when));
      }
    }
    for (Site site : inputs.sites()) {
      for (Chip chip : inputs.chips()) {
        findings.atMost(
            taken.getOrDefault(
                new Key(lost.name(), site.name(), chip.name(), block, t), BigDecimal.ZERO),
            stocks.stock(chip.name(), site.name(), t),
            "servers %s of %s%s".formatted(chip.name(), site.name(), when));
      }
    }
  }
}

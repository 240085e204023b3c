package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Collectors;

/** Demand, where work may go, and the capacity of sites and contracts. */
final class ServiceAudit {
  private final PlanInputs inputs;
  private final Decisions decisions;
  private final Scenario scenario;
  private final Stocks stocks;
  private final Served served;
  private final Findings findings;

  ServiceAudit(
      PlanInputs inputs,
      Decisions decisions,
      Scenario scenario,
      Stocks stocks,
      Served served,
      Findings findings) {
    this.inputs = inputs;
    this.decisions = decisions;
    this.scenario = scenario;
    this.stocks = stocks;
    this.served = served;
    this.findings = findings;
  }

  void run() {
    decisions.work().stream()
        .filter(one -> stocks.holds(one.scenario(), one.quarter()))
        .forEach(this::way);
    for (int t = 0; t < inputs.horizon().length(); t++) {
      for (WorkClass work : inputs.classes()) {
        for (String region : inputs.regions()) {
          demand(work, region, t);
        }
      }
      for (LoadBlock block : inputs.blocks()) {
        for (Site site : inputs.sites()) {
          site(site, block.name(), t);
        }
        for (Contract contract : inputs.contracts()) {
          contract(contract, block.name(), t);
        }
      }
    }
  }

  private String when(int quarter) {
    return " in %s of %s".formatted(inputs.horizon().label(quarter), scenario.name());
  }

  /** Whether a place may do work for a region at all. */
  private void way(Decisions.Work one) {
    WorkClass work = inputs.workClass(one.workClass());
    Set<String> allowed =
        inputs.sites().stream()
            .filter(site ->
                site.links().stream()
                    .anyMatch(link ->
                        link.region().equals(one.region()) && link.millis() <= work.mostMillis()))
            .map(Site::name)
            .collect(Collectors.toSet());
    for (Contract contract : inputs.contracts()) {
      if (contract.regions().contains(one.region())
          && contract.unitsPerSecond().containsKey(one.workClass())) {
        allowed.add(contract.name());
      }
    }
    inputs.rules().residency().stream()
        .filter(
            rule -> rule.workClass().equals(one.workClass()) && rule.region().equals(one.region()))
        .forEach(rule -> allowed.retainAll(rule.allowed()));
    if (!allowed.contains(one.place())) {
      findings.broken(
          "%s of %s is served by %s, which may not"
              .formatted(one.workClass(), one.region(), one.place()));
    }
    findings.atMost(
        BigDecimal.ZERO,
        Decimals.of(one.unitsPerSecond()),
        "nothing against work of " + one.place());
  }

  private void demand(WorkClass work, String region, int t) {
    BigDecimal asked = BigDecimal.ZERO;
    BigDecimal answered = BigDecimal.ZERO;
    String what = "%s of %s%s".formatted(work.name(), region, when(t));
    for (LoadBlock block : inputs.blocks()) {
      BigDecimal weight = work.movable() ? Decimals.of(block.hours()) : BigDecimal.ONE;
      BigDecimal wanted =
          Decimals.of(inputs.demand().at(work.name(), region, block.name(), t, scenario));
      BigDecimal lost = served.unserved(work.name(), region, block.name(), t);
      BigDecimal done = served.forRegion(work.name(), region, block.name(), t).add(lost);
      asked = asked.add(Decimals.times(wanted, weight));
      answered = answered.add(Decimals.times(done, weight));
      findings.atMost(
          lost, Decimals.times(wanted, 1 - work.leastServed()), "what is unserved of " + what);
      if (!work.movable()) {
        findings.equal(done, wanted, "served and unserved " + what);
      }
    }
    findings.equal(answered, asked, "served and unserved in all, " + what);
  }

  private void site(Site site, String block, int t) {
    for (WorkClass work : inputs.classes()) {
      findings.atMost(
          served.byPlace(work.name(), site.name(), block, t),
          served.capacity(work.name(), site.name(), block, t),
          "work for %s in %s%s".formatted(work.name(), site.name(), when(t)));
    }
    for (Chip chip : inputs.chips()) {
      findings.atMost(
          served.taken(site.name(), chip.name(), block, t),
          stocks.stock(chip.name(), site.name(), t),
          "servers %s at work in %s%s".formatted(chip.name(), site.name(), when(t)));
    }
  }

  private void contract(Contract contract, String block, int t) {
    String name = contract.name();
    double most = contract.most().at(t);
    String what = "use of %s%s".formatted(name, when(t));
    if (contract.kind() == Contract.Kind.API) {
      if (Double.isFinite(most)) {
        findings.atMost(served.byPlace(name, block, t), Decimals.of(most), what);
      }
      return;
    }
    for (WorkClass work : inputs.classes()) {
      findings.atMost(
          served.byPlace(work.name(), name, block, t),
          served.capacity(work.name(), name, block, t),
          "work for %s by %s%s".formatted(work.name(), name, when(t)));
    }
    BigDecimal taken = served.taken(name, "", block, t);
    if (contract.kind() == Contract.Kind.RESERVED) {
      BigDecimal reserved = reserved(contract, t);
      findings.atMost(taken, reserved, what);
      taken = reserved;
    }
    if (Double.isFinite(most)) {
      findings.atMost(taken, Decimals.of(most), what);
    }
  }

  private BigDecimal reserved(Contract contract, int t) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Decisions.Commitment one : decisions.commitments()) {
      if (one.contract().equals(contract.name())
          && stocks.holds(one.scenario(), one.quarter())
          && one.quarter() <= t
          && t < one.quarter() + contract.termQuarters()) {
        sum = sum.add(Decimals.of(one.servers()));
      }
    }
    return sum;
  }
}

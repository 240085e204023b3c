package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;

/** Shares of vendors, renewable power, carbon. */
final class RuleAudit {
  private final PlanInputs inputs;
  private final Scenario scenario;
  private final Stocks stocks;
  private final Served served;
  private final Findings findings;

  RuleAudit(PlanInputs inputs, Scenario scenario, Stocks stocks, Served served, Findings findings) {
    this.inputs = inputs;
    this.scenario = scenario;
    this.stocks = stocks;
    this.served = served;
    this.findings = findings;
  }

  void run() {
    inputs.rules().vendorShare().forEach(this::vendor);
    for (int t = 0; t < inputs.horizon().length(); t++) {
      BigDecimal all = BigDecimal.ZERO;
      BigDecimal renewable = BigDecimal.ZERO;
      BigDecimal carbon = BigDecimal.ZERO;
      for (Site site : inputs.sites()) {
        BigDecimal energy = megawattHours(site, t);
        all = all.add(energy);
        renewable = renewable.add(Decimals.times(energy, site.renewableShare()));
        carbon = carbon.add(Decimals.times(energy, site.carbonPerMegawattHour()));
      }
      String when = " in %s of %s".formatted(inputs.horizon().label(t), scenario.name());
      findings.atMost(
          Decimals.times(all, inputs.rules().leastRenewable()),
          renewable,
          "the least renewable power against what is" + when);
      double most = inputs.rules().mostCarbon().at(t);
      if (Double.isFinite(most)) {
        findings.atMost(carbon, Decimals.of(most), "carbon" + when);
      }
    }
  }

  private BigDecimal megawattHours(Site site, int t) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Chip chip : inputs.chips()) {
      BigDecimal stock = stocks.stock(chip.name(), site.name(), t);
      for (LoadBlock block : inputs.blocks()) {
        BigDecimal working = served.working(site.name(), chip.name(), block.name(), t);
        BigDecimal drawing =
            Decimals.times(stock, chip.idleShare())
                .add(Decimals.times(working, 1 - chip.idleShare()));
        BigDecimal kilowatts = Decimals.times(drawing, chip.kilowatts());
        sum = sum.add(Decimals.times(Decimals.times(kilowatts, site.pue()), block.hours()));
      }
    }
    return sum.movePointLeft(3);
  }

  private void vendor(String vendor, double share) {
    int last = inputs.horizon().length() - 1;
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal own = BigDecimal.ZERO;
    for (Chip chip : inputs.chips()) {
      for (Site site : inputs.sites()) {
        BigDecimal power =
            Decimals.times(stocks.stock(chip.name(), site.name(), last), chip.kilowatts());
        all = all.add(power);
        own = chip.vendor().equals(vendor) ? own.add(power) : own;
      }
    }
    findings.atMost(
        own,
        Decimals.times(all, share),
        "power of servers by %s in %s".formatted(vendor, scenario.name()));
  }
}

package io.yuntai.planner.stress;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An assumption of a plan that may turn out lower or higher, all of its kind together. */
public enum Lever {
  /** What customers pay for a unit. */
  PRICES("prices that customers pay") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return with(
          inputs,
          inputs.classes().stream()
              .map(one ->
                  new WorkClass(
                      one.name(),
                      one.price().times(factor),
                      one.penalty(),
                      one.usableLoad(),
                      one.standing(),
                      one.movable(),
                      one.mostMillis(),
                      one.leastServed()))
              .toList(),
          inputs.contracts());
    }
  },
  /** How much is asked for. */
  DEMAND("demand") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return inputs.with(
          Demand.of(
              inputs.demand().rows().stream()
                  .map(row ->
                      new Demand.Row(
                          row.workClass(),
                          row.region(),
                          row.block(),
                          row.scenario(),
                          row.unitsPerSecond().times(factor)))
                  .toList()));
    }
  },
  /** Units a second of each server of one's own. */
  THROUGHPUT("throughput of one's own servers") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return inputs.withChips(
          inputs.chips().stream()
              .map(one -> chip(one, one.price(), one.upkeepPerYear(), rates(one, factor)))
              .toList());
    }
  },
  /** What servers cost. */
  SERVERS("prices of servers") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return inputs.withChips(
          inputs.chips().stream()
              .map(one ->
                  chip(one, one.price().times(factor), one.upkeepPerYear(), one.unitsPerSecond()))
              .toList());
    }
  },
  /** What halls cost. */
  HALLS("prices of halls") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return inputs.withSites(
          inputs.sites().stream().map(site -> site(site, phases(site, factor), 1, 1)).toList());
    }
  },
  /** What a megawatt-hour costs. */
  POWER("prices of power") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return inputs.withSites(
          inputs.sites().stream().map(site -> site(site, site.phases(), factor, 1)).toList());
    }
  },
  /** Upkeep of halls and servers, and staff. */
  UPKEEP("upkeep and staff") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      PlanInputs halls =
          inputs.withSites(
              inputs.sites().stream().map(site -> site(site, site.phases(), 1, factor)).toList());
      return halls.withChips(
          inputs.chips().stream()
              .map(one ->
                  chip(
                      one,
                      one.price(),
                      Math.min(1, one.upkeepPerYear() * factor),
                      one.unitsPerSecond()))
              .toList());
    }
  },
  /** What capacity of others costs. */
  RENT("prices of contracts") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      return with(
          inputs,
          inputs.classes(),
          inputs.contracts().stream()
              .map(one ->
                  new Contract(
                      one.name(),
                      one.regions(),
                      one.kind(),
                      one.price().times(factor),
                      one.upfront() * factor,
                      one.termQuarters(),
                      one.most(),
                      one.unitsPerSecond()))
              .toList());
    }
  },
  /** By how much later money is worth less. */
  DISCOUNT("discount rate") {
    @Override
    public PlanInputs times(PlanInputs inputs, double factor) {
      Finance money = inputs.finance();
      return inputs.with(
          new Finance(
              money.currency(),
              Math.min(1, money.discountPerYear() * factor),
              money.taxRate(),
              money.budget(),
              money.totalBudget(),
              money.openingCash(),
              money.cashFloor(),
              money.creditLine(),
              money.interestPerYear(),
              money.terminal()));
    }
  };

  private final String text;

  Lever(String text) {
    this.text = text;
  }

  /** As people say it. */
  public String text() {
    return text;
  }

  /** The inputs with all assumptions of this kind multiplied. */
  public abstract PlanInputs times(PlanInputs inputs, double factor);

  private static PlanInputs with(
      PlanInputs inputs, List<WorkClass> classes, List<Contract> contracts) {
    return new PlanInputs(
        inputs.name(),
        inputs.horizon(),
        inputs.blocks(),
        inputs.regions(),
        classes,
        inputs.scenarios(),
        inputs.demand(),
        inputs.chips(),
        inputs.sites(),
        contracts,
        inputs.finance(),
        inputs.rules());
  }

  private static Map<String, Double> rates(Chip chip, double factor) {
    Map<String, Double> rates = new LinkedHashMap<>();
    chip.unitsPerSecond().forEach((work, rate) -> rates.put(work, rate * factor));
    return rates;
  }

  private static Chip chip(Chip chip, Series price, double upkeep, Map<String, Double> rates) {
    return new Chip(
        chip.name(),
        chip.vendor(),
        price,
        chip.paidAtOrder(),
        chip.kilowatts(),
        chip.idleShare(),
        chip.liquid(),
        chip.racks(),
        chip.batch(),
        chip.wholeBatches(),
        chip.leadQuarters(),
        chip.bookQuarters(),
        chip.lifeQuarters(),
        upkeep,
        chip.supply(),
        chip.resaleLossPerYear(),
        rates);
  }

  private static List<Phase> phases(Site site, double factor) {
    return site.phases().stream()
        .map(one ->
            new Phase(
                one.name(),
                one.megawatts(),
                one.liquidMegawatts(),
                one.racks(),
                one.price() * factor,
                one.leadQuarters(),
                one.milestones(),
                one.earliestQuarter(),
                one.bookQuarters()))
        .toList();
  }

  private static Site site(Site site, List<Phase> phases, double power, double upkeep) {
    Map<String, Series> byChip = new LinkedHashMap<>();
    site.powerPriceByChip().forEach((chip, price) -> byChip.put(chip, price.times(power)));
    return new Site(
        site.name(),
        site.openMegawatts(),
        site.openLiquidMegawatts(),
        site.openRacks(),
        phases,
        site.gridMegawatts(),
        site.pue(),
        site.powerPrice().times(power),
        byChip,
        site.renewableShare(),
        site.carbonPerMegawattHour(),
        site.staffPerMegawattYear() * upkeep,
        site.upkeepPerMegawattYear() * upkeep,
        site.installed(),
        site.links());
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.HashMap;
import java.util.Map;

/** The same inputs in a currency of which twice as much is paid for everything. */
final class MoneyTwice {
  private MoneyTwice() {}

  static PlanInputs of(PlanInputs inputs) {
    return new PlanInputs(
        inputs.name(),
        inputs.horizon(),
        inputs.blocks(),
        inputs.regions(),
        inputs.classes().stream().map(MoneyTwice::of).toList(),
        inputs.scenarios(),
        inputs.demand(),
        inputs.chips().stream().map(MoneyTwice::of).toList(),
        inputs.sites().stream().map(MoneyTwice::of).toList(),
        inputs.contracts().stream().map(MoneyTwice::of).toList(),
        of(inputs.finance()),
        inputs.rules());
  }

  private static WorkClass of(WorkClass one) {
    return new WorkClass(
        one.name(),
        one.price().times(2),
        one.penalty().times(2),
        one.usableLoad(),
        one.standing(),
        one.movable(),
        one.mostMillis(),
        one.leastServed());
  }

  private static Chip of(Chip one) {
    return new Chip(
        one.name(),
        one.vendor(),
        one.price().times(2),
        one.paidAtOrder(),
        one.kilowatts(),
        one.idleShare(),
        one.liquid(),
        one.racks(),
        one.batch(),
        one.wholeBatches(),
        one.leadQuarters(),
        one.bookQuarters(),
        one.lifeQuarters(),
        one.upkeepPerYear(),
        one.supply(),
        one.resaleLossPerYear(),
        one.unitsPerSecond());
  }

  private static Site of(Site one) {
    Map<String, Series> power = new HashMap<>();
    one.powerPriceByChip().forEach((chip, price) -> power.put(chip, price.times(2)));
    return new Site(
        one.name(),
        one.openMegawatts(),
        one.openLiquidMegawatts(),
        one.openRacks(),
        one.phases().stream().map(MoneyTwice::of).toList(),
        one.gridMegawatts(),
        one.pue(),
        one.powerPrice().times(2),
        power,
        one.renewableShare(),
        one.carbonPerMegawattHour(),
        2 * one.staffPerMegawattYear(),
        2 * one.upkeepPerMegawattYear(),
        one.installed().stream()
            .map(all ->
                new Installed(all.chip(), all.servers(), all.ageQuarters(), 2 * all.bookValue()))
            .toList(),
        one.links().stream()
            .map(way -> new Link(way.region(), way.millis(), 2 * way.price()))
            .toList());
  }

  private static Phase of(Phase one) {
    return new Phase(
        one.name(),
        one.megawatts(),
        one.liquidMegawatts(),
        one.racks(),
        2 * one.price(),
        one.leadQuarters(),
        one.milestones(),
        one.earliestQuarter(),
        one.bookQuarters());
  }

  private static Contract of(Contract one) {
    Map<String, Double> rates = new HashMap<>(one.unitsPerSecond());
    boolean isApi = one.kind() == Contract.Kind.API; // whose rates are prices
    if (isApi) {
      rates.replaceAll((work, price) -> 2 * price);
    }
    return new Contract(
        one.name(),
        one.regions(),
        one.kind(),
        isApi ? one.price() : one.price().times(2),
        2 * one.upfront(),
        one.termQuarters(),
        one.most(),
        rates);
  }

  private static Finance of(Finance one) {
    return new Finance(
        one.currency(),
        one.discountPerYear(),
        one.taxRate(),
        one.budget().times(2),
        2 * one.totalBudget(),
        2 * one.openingCash(),
        2 * one.cashFloor(),
        2 * one.creditLine(),
        one.interestPerYear(),
        one.terminal());
  }
}

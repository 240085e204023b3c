package io.yuntai.planner.replay;

import io.yuntai.planner.exports.PlanSums;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Contract.Kind;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One quarter as a plan of its own in which nothing can be built or ordered: what stands is there,
 * and what is reserved costs nothing more, so that solving it says how work goes best.
 */
final class Dispatch {
  private final PlanInputs inputs;
  private final PlanSums sums;
  private final Map<String, double[]> commitments;
  private final Map<PlanSums.Place, double[]> stock;

  Dispatch(PlanInputs inputs, Decisions built) {
    this.inputs = inputs;
    this.sums = new PlanSums(inputs, built, inputs.scenarios().getFirst().name());
    this.commitments = sums.commitments();
    this.stock = sums.stock();
  }

  /** The inputs of a quarter. */
  PlanInputs quarter(int t) {
    Scenario base = inputs.scenarios().getFirst();
    return new PlanInputs(
        inputs.name(),
        new Horizon(inputs.horizon().label(t), 1, 0),
        inputs.blocks(),
        inputs.regions(),
        inputs.classes().stream().map(work -> work(work, t)).toList(),
        List.of(Scenario.certain()),
        demand(base, t),
        inputs.chips().stream().map(Dispatch::chip).toList(),
        inputs.sites().stream().map(site -> site(site, base, t)).toList(),
        contracts(t),
        Finance.simple(inputs.finance().currency(), 0),
        rules());
  }

  private static WorkClass work(WorkClass work, int t) {
    return new WorkClass(
        work.name(),
        Series.constant(work.price().at(t)),
        Series.constant(work.penalty().at(t)),
        work.usableLoad(),
        work.standing(),
        work.movable(),
        work.mostMillis(),
        0);
  }

  private Demand demand(Scenario base, int t) {
    List<Demand.Row> rows = new ArrayList<>();
    for (WorkClass work : inputs.classes()) {
      for (String region : inputs.regions()) {
        for (LoadBlock block : inputs.blocks()) {
          double units = inputs.demand().at(work.name(), region, block.name(), t, base);
          rows.add(new Demand.Row(work.name(), region, block.name(), "", Series.constant(units)));
        }
      }
    }
    return Demand.of(rows);
  }

  /** Of which none can be had, and which costs nothing to keep: that is paid whatever is done. */
  private static Chip chip(Chip chip) {
    return new Chip(
        chip.name(),
        chip.vendor(),
        Series.ZERO,
        0,
        chip.kilowatts(),
        chip.idleShare(),
        chip.liquid(),
        chip.racks(),
        1,
        false,
        0,
        1,
        200,
        0,
        Series.ZERO,
        0,
        chip.unitsPerSecond());
  }

  private Site site(Site site, Scenario base, int t) {
    double open = sums.openMegawatts(site)[t];
    List<Installed> installed = new ArrayList<>();
    double power = 0;
    for (Map.Entry<PlanSums.Place, double[]> one : stock.entrySet()) {
      double servers = Math.max(0, one.getValue()[t]);
      if (one.getKey().site().equals(site.name()) && servers > 0) {
        installed.add(new Installed(one.getKey().chip(), servers, 0, 0));
        power += servers * inputs.chip(one.getKey().chip()).kilowatts() / 1000;
      }
    }
    double energy = base.energyFactor().at(t);
    Map<String, Series> byChip = new LinkedHashMap<>();
    site.powerPriceByChip()
        .forEach((chip, price) -> byChip.put(chip, Series.constant(price.at(t) * energy)));
    double room = Math.max(open, power) * (1 + 1e-9) + 1e-9;
    return new Site(
        site.name(),
        room,
        room,
        Double.POSITIVE_INFINITY,
        List.of(),
        Series.UNLIMITED,
        site.pue(),
        Series.constant(site.powerPrice().at(t) * energy),
        byChip,
        site.renewableShare(),
        site.carbonPerMegawattHour(),
        0,
        0,
        installed,
        site.links());
  }

  /** Those for a term are there as far as a term runs, and cost nothing more. */
  private List<Contract> contracts(int t) {
    List<Contract> contracts = new ArrayList<>();
    for (Contract contract : inputs.contracts()) {
      boolean reserved = contract.kind() == Kind.RESERVED;
      contracts.add(
          new Contract(
              contract.name(),
              contract.regions(),
              reserved ? Kind.ON_DEMAND : contract.kind(),
              reserved ? Series.ZERO : Series.constant(contract.price().at(t)),
              0,
              1,
              Series.constant(reserved ? active(contract, t) : contract.most().at(t)),
              contract.unitsPerSecond()));
    }
    return contracts;
  }

  private double active(Contract contract, int t) {
    double[] begun = commitments.get(contract.name());
    double sum = 0;
    for (int from = Math.max(0, t - contract.termQuarters() + 1);
        begun != null && from <= t;
        from++) {
      sum += begun[from];
    }
    return sum;
  }

  /** Where work may be done still holds; rules on what is built don't matter. */
  private Rules rules() {
    Rules.Goal goal =
        inputs.rules().goal() == Rules.Goal.SERVICE ? Rules.Goal.VALUE : inputs.rules().goal();
    return new Rules(
        goal,
        java.util.Set.of(),
        inputs.rules().residency(),
        Map.of(),
        false,
        0,
        Series.UNLIMITED,
        0,
        0.1);
  }
}

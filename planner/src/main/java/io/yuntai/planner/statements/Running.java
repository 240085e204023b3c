package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Decisions.PhaseStart;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Revenue and running costs of a scenario by quarter, in millions. */
final class Running {
  private static final BigDecimal SECONDS = BigDecimal.valueOf(3600);
  private static final BigDecimal MILLIONTH = BigDecimal.ONE.movePointLeft(6);

  private final PlanInputs inputs;
  private final Scenario scenario;
  private final Stocks stocks;
  private final Map<String, Double> hours = new HashMap<>();
  private final BigDecimal[] revenue;
  private final BigDecimal[] energy;
  private final BigDecimal[] staff;
  private final BigDecimal[] hallUpkeep;
  private final BigDecimal[] serverUpkeep;
  private final BigDecimal[] network;
  private final BigDecimal[] rent;
  private final BigDecimal[] penalties;

  Running(PlanInputs inputs, Decisions decisions, Scenario scenario, Stocks stocks) {
    this.inputs = inputs;
    this.scenario = scenario;
    this.stocks = stocks;
    for (LoadBlock block : inputs.blocks()) {
      hours.put(block.name(), block.hours());
    }
    revenue = zeros();
    energy = zeros();
    staff = zeros();
    hallUpkeep = zeros();
    serverUpkeep = zeros();
    network = zeros();
    rent = zeros();
    penalties = zeros();
    decisions.work().forEach(this::work);
    decisions.busy().forEach(this::busy);
    decisions.unserved().forEach(this::unserved);
    decisions.commitments().forEach(this::commitment);
    halls(decisions);
    servers();
  }

  private BigDecimal[] zeros() {
    BigDecimal[] line = new BigDecimal[inputs.horizon().length()];
    Arrays.fill(line, BigDecimal.ZERO);
    return line;
  }

  private static void add(BigDecimal[] line, int quarter, BigDecimal amount) {
    line[quarter] = line[quarter].add(amount, Decimals.DIGITS);
  }

  private double hours(String block) {
    return hours.getOrDefault(block, 0.0);
  }

  private double allHours() {
    return inputs.blocks().stream().mapToDouble(LoadBlock::hours).sum();
  }

  /** Millions of units in a block of a quarter. */
  private BigDecimal millions(double unitsPerSecond, String block) {
    return Decimals.times(
        Decimals.times(Decimals.of(unitsPerSecond), hours(block)), SECONDS.multiply(MILLIONTH));
  }

  private void work(Decisions.Work one) {
    if (!stocks.holds(one.scenario(), one.quarter())) {
      return;
    }
    int t = one.quarter();
    BigDecimal amount = millions(one.unitsPerSecond(), one.block());
    WorkClass work = inputs.workClass(one.workClass());
    add(revenue, t, Decimals.times(Decimals.times(amount, work.price().at(t)), MILLIONTH));
    for (Contract contract : inputs.contracts()) {
      if (contract.name().equals(one.place()) && contract.kind() == Contract.Kind.API) {
        double price = contract.unitsPerSecond().getOrDefault(one.workClass(), 0.0);
        BigDecimal cost = Decimals.times(Decimals.times(amount, price), contract.price().at(t));
        add(rent, t, Decimals.times(cost, MILLIONTH));
      }
    }
    for (Site site : inputs.sites()) {
      for (Link link : site.links()) {
        if (site.name().equals(one.place()) && link.region().equals(one.region())) {
          add(network, t, Decimals.times(Decimals.times(amount, link.price()), MILLIONTH));
        }
      }
    }
  }

  private void busy(Decisions.Busy one) {
    if (!stocks.holds(one.scenario(), one.quarter())) {
      return;
    }
    int t = one.quarter();
    BigDecimal serverHours = Decimals.times(Decimals.of(one.servers()), hours(one.block()));
    if (!one.chip().isEmpty()) {
      Chip chip = inputs.chip(one.chip());
      Site site = inputs.site(one.place());
      add(energy, t, Decimals.times(power(serverHours, chip, site, t), 1 - chip.idleShare()));
      return;
    }
    Contract contract = inputs.contract(one.place());
    if (contract.kind() == Contract.Kind.ON_DEMAND) {
      double usable = inputs.workClass(one.workClass()).usableLoad();
      BigDecimal paid = Decimals.by(Decimals.times(serverHours, contract.price().at(t)), usable);
      add(rent, t, Decimals.times(paid, MILLIONTH));
    }
  }

  /** What the power of so many hours of busy servers costs. */
  private BigDecimal power(BigDecimal serverHours, Chip chip, Site site, int t) {
    BigDecimal kilowattHours =
        Decimals.times(Decimals.times(serverHours, chip.kilowatts()), site.pue());
    BigDecimal megawattHours = kilowattHours.movePointLeft(3);
    double price = site.powerPrice(chip.name()).at(t);
    BigDecimal cost =
        Decimals.times(Decimals.times(megawattHours, price), scenario.energyFactor().at(t));
    return Decimals.times(cost, MILLIONTH);
  }

  private void unserved(Decisions.Unserved one) {
    if (stocks.holds(one.scenario(), one.quarter())) {
      double penalty = inputs.workClass(one.workClass()).penalty().at(one.quarter());
      BigDecimal amount = millions(one.unitsPerSecond(), one.block());
      add(penalties, one.quarter(), Decimals.times(Decimals.times(amount, penalty), MILLIONTH));
    }
  }

  private void commitment(Decisions.Commitment one) {
    if (!stocks.holds(one.scenario(), one.quarter())) {
      return;
    }
    Contract contract = inputs.contract(one.contract());
    BigDecimal servers = Decimals.of(one.servers());
    add(rent, one.quarter(), Decimals.times(servers, contract.upfront()));
    BigDecimal quarterly =
        Decimals.times(
            Decimals.times(Decimals.times(servers, contract.price().at(one.quarter())), allHours()),
            MILLIONTH);
    int end = Math.min(inputs.horizon().length(), one.quarter() + contract.termQuarters());
    for (int t = one.quarter(); t < end; t++) {
      add(rent, t, quarterly);
    }
  }

  private void halls(Decisions decisions) {
    for (Site site : inputs.sites()) {
      for (int t = 0; t < inputs.horizon().length(); t++) {
        open(site, Decimals.of(site.openMegawatts()), t);
      }
    }
    for (PhaseStart start : decisions.phases()) {
      if (stocks.holds(start.scenario(), start.quarter())) {
        Site site = inputs.site(start.site());
        Phase phase =
            site.phases().stream()
                .filter(p -> p.name().equals(start.phase()))
                .findFirst()
                .orElseThrow();
        for (int t = start.quarter() + phase.leadQuarters(); t < inputs.horizon().length(); t++) {
          open(site, Decimals.of(phase.megawatts()), t);
        }
      }
    }
  }

  private void open(Site site, BigDecimal megawatts, int t) {
    add(staff, t, Decimals.by(Decimals.times(megawatts, site.staffPerMegawattYear()), 4));
    add(hallUpkeep, t, Decimals.by(Decimals.times(megawatts, site.upkeepPerMegawattYear()), 4));
  }

  private void servers() {
    for (Chip chip : inputs.chips()) {
      for (Site site : inputs.sites()) {
        for (int t = 0; t < inputs.horizon().length(); t++) {
          BigDecimal stock = stocks.stock(chip.name(), site.name(), t);
          if (stock.signum() != 0) {
            BigDecimal serverHours = Decimals.times(stock, allHours());
            add(energy, t, Decimals.times(power(serverHours, chip, site, t), chip.idleShare()));
            BigDecimal worth =
                Decimals.times(
                    Decimals.times(stock, chip.price().at(t)), scenario.priceFactor().at(t));
            add(serverUpkeep, t, Decimals.by(Decimals.times(worth, chip.upkeepPerYear()), 4));
          }
        }
      }
    }
  }

  BigDecimal revenue(int quarter) {
    return revenue[quarter];
  }

  BigDecimal energy(int quarter) {
    return energy[quarter];
  }

  BigDecimal staff(int quarter) {
    return staff[quarter];
  }

  BigDecimal hallUpkeep(int quarter) {
    return hallUpkeep[quarter];
  }

  BigDecimal serverUpkeep(int quarter) {
    return serverUpkeep[quarter];
  }

  BigDecimal network(int quarter) {
    return network[quarter];
  }

  BigDecimal rent(int quarter) {
    return rent[quarter];
  }

  BigDecimal penalties(int quarter) {
    return penalties[quarter];
  }

  /** Before interest, depreciation and tax. */
  BigDecimal profit(int quarter) {
    return revenue[quarter]
        .subtract(energy[quarter])
        .subtract(staff[quarter])
        .subtract(hallUpkeep[quarter])
        .subtract(serverUpkeep[quarter])
        .subtract(network[quarter])
        .subtract(rent[quarter])
        .subtract(penalties[quarter]);
  }
}

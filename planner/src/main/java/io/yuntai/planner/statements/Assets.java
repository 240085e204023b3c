package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Decisions.PhaseStart;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What servers and halls of a scenario are paid for, and what they are worth on the books. What is
 * paid and not yet in use is construction in progress, which is not written off; what is in use and
 * not yet paid is owed.
 */
final class Assets {
  private final PlanInputs inputs;
  private final Stocks stocks;
  private final int length;
  private final BigDecimal[] serversPaid;
  private final BigDecimal[] hallsPaid;
  private final BigDecimal[] serverDepreciation;
  private final BigDecimal[] hallDepreciation;
  private final BigDecimal[] serversInUse;
  private final BigDecimal[] hallsInUse;
  private final BigDecimal[] inConstruction;
  private final BigDecimal[] payables;
  private final List<Bought> bought = new ArrayList<>();
  private BigDecimal hallsLeft = BigDecimal.ZERO;

  /** Servers that came together. */
  private record Bought(
      Chip chip, String site, int arrives, BigDecimal servers, BigDecimal price) {}

  Assets(PlanInputs inputs, Decisions decisions, Scenario scenario, Stocks stocks) {
    this.inputs = inputs;
    this.stocks = stocks;
    length = inputs.horizon().length();
    serversPaid = zeros();
    hallsPaid = zeros();
    serverDepreciation = zeros();
    hallDepreciation = zeros();
    serversInUse = zeros();
    hallsInUse = zeros();
    inConstruction = zeros();
    payables = zeros();
    inputs.sites().forEach(site -> site.installed().forEach(this::installed));
    for (Decisions.Order order : decisions.orders()) {
      if (stocks.holds(order.scenario(), order.quarter())) {
        order(order, scenario);
      }
    }
    for (PhaseStart start : decisions.phases()) {
      if (stocks.holds(start.scenario(), start.quarter())) {
        phase(start);
      }
    }
  }

  private BigDecimal[] zeros() {
    BigDecimal[] line = new BigDecimal[length];
    Arrays.fill(line, BigDecimal.ZERO);
    return line;
  }

  private void add(BigDecimal[] line, int quarter, BigDecimal amount) {
    if (quarter < length) {
      line[quarter] = line[quarter].add(amount, Decimals.DIGITS);
    }
  }

  private void installed(Installed one) {
    int left = inputs.chip(one.chip()).bookQuarters() - one.ageQuarters();
    if (left > 0) {
      use(serversInUse, serverDepreciation, Decimals.of(one.bookValue()), 0, left);
    }
  }

  private void order(Decisions.Order order, Scenario scenario) {
    Chip chip = inputs.chip(order.chip());
    int t = order.quarter();
    int arrives = t + chip.leadQuarters();
    BigDecimal price =
        Decimals.times(Decimals.of(chip.price().at(t)), scenario.priceFactor().at(t));
    BigDecimal amount = Decimals.times(price, order.servers());
    BigDecimal first = Decimals.times(amount, chip.paidAtOrder());
    add(serversPaid, t, first);
    add(serversPaid, arrives, amount.subtract(first));
    for (int q = t; q < Math.min(arrives, length); q++) {
      add(inConstruction, q, first);
    }
    use(serversInUse, serverDepreciation, amount, arrives, chip.bookQuarters());
    bought.add(new Bought(chip, order.site(), arrives, Decimals.of(order.servers()), price));
  }

  private void phase(PhaseStart start) {
    Site site = inputs.site(start.site());
    Phase phase =
        site.phases().stream()
            .filter(p -> p.name().equals(start.phase()))
            .findFirst()
            .orElseThrow();
    int opens = start.quarter() + phase.leadQuarters();
    BigDecimal price = Decimals.of(phase.price());
    BigDecimal paid = BigDecimal.ZERO;
    for (int q = start.quarter(); q < length; q++) {
      int m = q - start.quarter();
      if (m < phase.milestones().size()) {
        BigDecimal part = Decimals.times(price, phase.milestones().get(m));
        add(hallsPaid, q, part);
        paid = paid.add(part);
      }
      if (q < opens) {
        add(inConstruction, q, paid);
      } else {
        add(payables, q, price.subtract(paid).max(BigDecimal.ZERO));
      }
    }
    use(hallsInUse, hallDepreciation, price, opens, phase.bookQuarters());
    hallsLeft = hallsLeft.add(bookValue(price, length - opens, phase.bookQuarters()));
  }

  /** Writes an asset off from the quarter in which it comes into use. */
  private void use(
      BigDecimal[] worth, BigDecimal[] writtenOff, BigDecimal price, int from, int quarters) {
    for (int q = from; q < length; q++) {
      if (q - from < quarters) {
        add(writtenOff, q, Decimals.by(price, quarters));
      }
      add(worth, q, bookValue(price, q - from + 1, quarters));
    }
  }

  private static BigDecimal bookValue(BigDecimal price, int age, int quarters) {
    return age >= quarters
        ? BigDecimal.ZERO
        : Decimals.by(Decimals.times(price, quarters - age), quarters);
  }

  /** After tax; of servers the dearest of those that were bought are there still. */
  BigDecimal terminalValue() {
    if (inputs.finance().terminal() == Finance.Terminal.NONE) {
      return BigDecimal.ZERO;
    }
    BigDecimal sum = hallsLeft;
    for (Chip chip : inputs.chips()) {
      for (Site site : inputs.sites()) {
        sum = sum.add(terminalValue(chip, site.name()));
      }
    }
    return sum;
  }

  private BigDecimal terminalValue(Chip chip, String site) {
    BigDecimal left = stocks.stock(chip.name(), site, length - 1);
    List<Bought> here =
        bought.stream()
            .filter(one -> one.chip.equals(chip) && one.site.equals(site) && one.arrives < length)
            .sorted((a, b) -> worth(b).compareTo(worth(a)))
            .toList();
    BigDecimal sum = BigDecimal.ZERO;
    for (Bought one : here) {
      BigDecimal kept = one.servers.min(left).max(BigDecimal.ZERO);
      sum = sum.add(Decimals.times(worth(one), kept));
      left = left.subtract(kept);
    }
    return sum;
  }

  /** Of a server in the end. */
  private BigDecimal worth(Bought one) {
    int age = length - one.arrives;
    if (age >= one.chip.lifeQuarters()) {
      return BigDecimal.ZERO;
    }
    BigDecimal book = bookValue(one.price, age, one.chip.bookQuarters());
    if (inputs.finance().terminal() == Finance.Terminal.BOOK) {
      return book;
    }
    double share = Math.pow(1 - one.chip.resaleLossPerYear(), age / 4.0);
    BigDecimal sold = Decimals.times(one.price, share);
    return sold.subtract(Decimals.times(sold.subtract(book), inputs.finance().taxRate()));
  }

  BigDecimal serversPaid(int quarter) {
    return serversPaid[quarter];
  }

  BigDecimal hallsPaid(int quarter) {
    return hallsPaid[quarter];
  }

  BigDecimal serverDepreciation(int quarter) {
    return serverDepreciation[quarter];
  }

  BigDecimal hallDepreciation(int quarter) {
    return hallDepreciation[quarter];
  }

  BigDecimal serverAssets(int quarter) {
    return serversInUse[quarter];
  }

  BigDecimal hallAssets(int quarter) {
    return hallsInUse[quarter];
  }

  BigDecimal inConstruction(int quarter) {
    return inConstruction[quarter];
  }

  BigDecimal payables(int quarter) {
    return payables[quarter];
  }
}

package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import io.yuntai.planner.plan.ScenarioTree.Node;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Servers by chip, site and quarter of one scenario, counted from orders and retirements. */
public final class Stocks {
  private final PlanInputs inputs;
  private final ScenarioTree tree;
  private final String scenario;
  private final Map<Place, BigDecimal[]> arrivals = new HashMap<>();
  private final Map<Place, BigDecimal[]> retired = new HashMap<>();

  private record Place(String chip, String site) {}

  /** Counts those of a scenario. */
  public Stocks(PlanInputs inputs, Decisions decisions, String scenario) {
    this.inputs = inputs;
    tree = inputs.tree();
    this.scenario = scenario;
    for (Decisions.Order order : decisions.orders()) {
      int arrives = order.quarter() + inputs.chip(order.chip()).leadQuarters();
      if (holds(order.scenario(), order.quarter()) && arrives < inputs.horizon().length()) {
        add(arrivals, order.chip(), order.site(), arrives, order.servers());
      }
    }
    for (Decisions.Retirement one : decisions.retirements()) {
      if (holds(one.scenario(), one.quarter())) {
        add(retired, one.chip(), one.site(), one.quarter(), one.servers());
      }
    }
  }

  /** Whether a decision that was made for a scenario holds in this one. */
  public boolean holds(String decided, int quarter) {
    Node node = tree.node(scenario, quarter);
    return node.scenario().name().equals(decided);
  }

  private void add(
      Map<Place, BigDecimal[]> to, String chip, String site, int quarter, double servers) {
    BigDecimal[] line = to.computeIfAbsent(new Place(chip, site), _ -> zeros());
    line[quarter] = line[quarter].add(Decimals.of(servers));
  }

  private BigDecimal[] zeros() {
    BigDecimal[] line = new BigDecimal[inputs.horizon().length()];
    java.util.Arrays.fill(line, BigDecimal.ZERO);
    return line;
  }

  /** Servers that arrive at the beginning of a quarter. */
  public BigDecimal arrivals(String chip, String site, int quarter) {
    BigDecimal[] line = arrivals.get(new Place(chip, site));
    return line == null ? BigDecimal.ZERO : line[quarter];
  }

  /** Servers that left up to a quarter and in it. */
  public BigDecimal retiredBy(String chip, String site, int quarter) {
    return sum(retired.get(new Place(chip, site)), quarter);
  }

  /**
   * Servers that arrived up to a quarter and in it, those that stood there at first not counted.
   */
  public BigDecimal arrivedBy(String chip, String site, int quarter) {
    return sum(arrivals.get(new Place(chip, site)), quarter);
  }

  private static BigDecimal sum(
      BigDecimal @org.jspecify.annotations.Nullable [] line, int quarter) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int t = 0; line != null && t <= quarter; t++) {
      sum = sum.add(line[t]);
    }
    return sum;
  }

  /** Servers that stood there at first. */
  public BigDecimal installed(String chip, String site) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Installed one : inputs.site(site).installed()) {
      if (one.chip().equals(chip)) {
        sum = sum.add(Decimals.of(one.servers()));
      }
    }
    return sum;
  }

  /** Servers in stock in a quarter. */
  public BigDecimal stock(String chip, String site, int quarter) {
    return installed(chip, site)
        .add(arrivedBy(chip, site, quarter))
        .subtract(retiredBy(chip, site, quarter));
  }

  /** Servers that must have left by a quarter for their age. */
  public BigDecimal agedBy(Chip chip, String site, int quarter) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Installed one : inputs.site(site).installed()) {
      if (one.chip().equals(chip.name()) && one.ageQuarters() + quarter >= chip.lifeQuarters()) {
        sum = sum.add(Decimals.of(one.servers()));
      }
    }
    int aged = quarter - chip.lifeQuarters();
    return aged < 0 ? sum : sum.add(arrivedBy(chip.name(), site, aged));
  }
}

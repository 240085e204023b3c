package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.futures.DemandBudget;
import io.yuntai.planner.futures.DemandBudget.By;
import io.yuntai.planner.futures.Futures;
import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans for the worst demand of a budget of uncertainty. */
class RobustPlanTest {
  private static final int KNOWN = 1;
  private static final int WANTED = Integer.getInteger("yuntai.plans", 12);

  /** With the worst future before what is expected, as files' {@code [robust]} has it. */
  private static PlanInputs robust(PlanInputs inputs, Futures futures) {
    PlanInputs with =
        inputs.with(Demand.of(List.of())).withScenarios(futures.scenarios()).with(futures.demand());
    List<Aim> aims = List.of(Aim.RISK, Aim.COST);
    return futures.scenarios().size() == 1
        ? with
        : with.with(with.rules().with(aims, 1.0 / futures.scenarios().size()));
  }

  private static double worst(PlanInputs inputs) {
    return switch (Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {})) {
      case Outcome.Planned(Plan plan) -> plan.value();
      case Outcome.Infeasible _ -> Double.NEGATIVE_INFINITY;
      case Outcome.Unsolved unsolved -> throw new AssertionError(unsolved.sentence());
    };
  }

  /**
   * Three regions that must be served, by servers that are ordered before it is known by how many.
   */
  private static PlanInputs threeRegions() {
    List<String> regions = List.of("a", "b", "c");
    Chip chip =
        new Chip(
            "server",
            "vendor",
            Series.constant(0.5),
            1,
            0,
            0,
            false,
            0,
            1,
            false,
            1,
            8,
            8,
            0,
            Series.UNLIMITED,
            0,
            Map.of("chat", 1000.0));
    Site site =
        new Site(
            "site",
            1,
            0,
            Double.POSITIVE_INFINITY,
            List.of(),
            Series.UNLIMITED,
            1,
            Series.ZERO,
            Map.of(),
            0,
            0,
            0,
            0,
            List.of(),
            regions.stream().map(region -> new Link(region, 1, 0)).toList());
    WorkClass chat =
        new WorkClass(
            "chat",
            Series.ZERO,
            Series.ZERO,
            1,
            WorkClass.Standing.GOLD,
            false,
            Double.POSITIVE_INFINITY,
            1);
    return new PlanInputs(
        "three regions",
        new Horizon("2026-Q1", 1, 1),
        List.of(new LoadBlock("all", 2190, true)),
        regions,
        List.of(chat),
        List.of(Scenario.certain()),
        Demand.of(
            regions.stream()
                .map(region -> new Demand.Row("chat", region, "all", "", Series.of(0, 10_000)))
                .toList()),
        List.of(chip),
        List.of(site),
        List.of(),
        Finance.simple("CNY", 0),
        Rules.none(Rules.Goal.COST));
  }

  /** So many servers for each region, and a fifth more of as many regions as may deviate. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 1.5, 2, 3, 7})
  void costsAreThoseOfTheClosedForm(double atOnce) {
    PlanInputs inputs = threeRegions();
    Futures futures = new DemandBudget(0.2, 0, atOnce, By.REGION, KNOWN).of(inputs.demand(), 2);
    double cost = 0.5 * (3 * 10 + Math.min(atOnce, 3) * 2);
    assertThat(worst(robust(inputs, futures))).isCloseTo(-cost, within(1e-6));
  }

  private static boolean fits(PlanInputs inputs) {
    return inputs.horizon().length() > KNOWN
        && inputs.scenarios().size() == 1
        && !inputs.finance().watchesCash();
  }

  private static PlanInputs forCost(PlanInputs inputs) {
    Rules rules = inputs.rules();
    return inputs.with(
        new Rules(
            Rules.Goal.COST,
            rules.banned(),
            rules.residency(),
            rules.vendorShare(),
            false,
            0,
            rules.mostCarbon(),
            0,
            0.1));
  }

  /** All demands above what is expected, as is known from the beginning. */
  private static PlanInputs boxWorst(PlanInputs inputs, double up) {
    List<Demand.Row> rows = new ArrayList<>();
    for (Demand.Row row : inputs.demand().rows()) {
      double[] units = new double[inputs.horizon().length()];
      for (int t = 0; t < units.length; t++) {
        units[t] = row.unitsPerSecond().at(t) * (t < KNOWN ? 1 : 1 + up);
      }
      rows.add(new Demand.Row(row.workClass(), row.region(), row.block(), "", Series.of(units)));
    }
    return inputs.with(Demand.of(rows));
  }

  @Test
  void costsGrowFromWhatIsExpectedToTheWholeBox() {
    int compared = 0;
    double dearer = 0;
    for (long seed = Long.getLong("yuntai.seed", 40_000); compared < WANTED; seed++) {
      PlanInputs inputs = forCost(TinyPlans.of(seed));
      if (!fits(inputs)) {
        continue;
      }
      compared++;
      double nominal = worst(inputs);
      double box = worst(boxWorst(inputs, 0.4));
      double before = Double.POSITIVE_INFINITY;
      for (double atOnce : new double[] {0, 0.5, 1, 2, 4}) {
        Futures futures =
            new DemandBudget(0.4, 0, atOnce, By.CLASS_AND_REGION, KNOWN)
                .of(inputs.demand(), inputs.horizon().length());
        double value = worst(robust(inputs, futures));
        double allowed = 1e-6 * (1 + Math.abs(nominal));
        assertThat(value).as("seed %d, %s", seed, atOnce).isLessThanOrEqualTo(before + allowed);
        if (atOnce == 0) {
          assertThat(value).as("seed %d", seed).isCloseTo(nominal, within(allowed));
        }
        if (atOnce == 4) {
          assertThat(value).as("seed %d", seed).isCloseTo(box, within(allowed));
        }
        before = value;
      }
      dearer += nominal - box;
    }
    assertThat(dearer).isPositive();
  }

  /** Nothing whole is decided, so that what a plan is worth is concave in demand. */
  private static PlanInputs inParts(PlanInputs inputs) {
    List<Chip> chips =
        inputs.chips().stream()
            .map(chip ->
                new Chip(
                    chip.name(),
                    chip.vendor(),
                    chip.price(),
                    chip.paidAtOrder(),
                    chip.kilowatts(),
                    chip.idleShare(),
                    chip.liquid(),
                    chip.racks(),
                    chip.batch(),
                    false,
                    chip.leadQuarters(),
                    chip.bookQuarters(),
                    chip.lifeQuarters(),
                    chip.upkeepPerYear(),
                    chip.supply(),
                    chip.resaleLossPerYear(),
                    chip.unitsPerSecond()))
            .toList();
    List<Site> sites =
        inputs.sites().stream()
            .map(site ->
                new Site(
                    site.name(),
                    0.1,
                    0.02,
                    site.openRacks(),
                    List.of(),
                    site.gridMegawatts(),
                    site.pue(),
                    site.powerPrice(),
                    site.powerPriceByChip(),
                    site.renewableShare(),
                    site.carbonPerMegawattHour(),
                    site.staffPerMegawattYear(),
                    site.upkeepPerMegawattYear(),
                    site.installed(),
                    site.links()))
            .toList();
    return inputs.withChips(chips).withSites(sites);
  }

  /** One more future from within the set changes nothing: the worst are its corners. */
  @Test
  void theWorstDemandIsACorner() {
    SplittableRandom random = new SplittableRandom(Long.getLong("yuntai.seed", 7));
    int compared = 0;
    for (long seed = 41_000; compared < WANTED; seed++) {
      PlanInputs inputs = inParts(forCost(TinyPlans.of(seed)));
      if (!fits(inputs)) {
        continue;
      }
      compared++;
      int quarters = inputs.horizon().length();
      Futures corners =
          new DemandBudget(0.4, 0.3, 1.5, By.REGION, KNOWN).of(inputs.demand(), quarters);
      double share = 1.0 / (corners.scenarios().size() + 1);
      List<Scenario> scenarios = new ArrayList<>();
      for (Scenario one : corners.scenarios()) {
        scenarios.add(
            Scenario.of(one.name(), share, one.splitsFrom(), one.splitQuarter(), Series.ONE));
      }
      scenarios.add(Scenario.of("within", share, "as expected", KNOWN, Series.ONE));
      List<Demand.Row> rows = new ArrayList<>(corners.demand().rows());
      double left = 1.5;
      for (String region : inputs.regions()) {
        double part = Math.min(left, random.nextDouble());
        left -= part;
        double factor = random.nextBoolean() ? 1 + 0.4 * part : 1 - 0.3 * part;
        for (Demand.Row row : inputs.demand().rows()) {
          double[] units = new double[quarters];
          for (int t = 0; t < quarters; t++) {
            units[t] = row.unitsPerSecond().at(t) * (t < KNOWN ? 1 : factor);
          }
          if (row.region().equals(region)) {
            rows.add(
                new Demand.Row(row.workClass(), region, row.block(), "within", Series.of(units)));
          }
        }
      }
      double without = worst(robust(inputs, corners));
      double with = worst(robust(inputs, new Futures(scenarios, Demand.of(rows))));
      assertThat(with)
          .as("seed %d", seed)
          .isCloseTo(without, within(1e-6 * (1 + Math.abs(without))));
    }
  }
}

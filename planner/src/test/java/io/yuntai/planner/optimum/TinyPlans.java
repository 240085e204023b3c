package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Random inputs so small that all plans can be tried. */
final class TinyPlans {
  private final SplittableRandom random;

  private TinyPlans(long seed) {
    random = new SplittableRandom(seed);
  }

  static PlanInputs of(long seed) {
    return new TinyPlans(seed).inputs();
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T among(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private double among(double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  private PlanInputs inputs() {
    int quarters = 1 + random.nextInt(3);
    int tail = random.nextInt(3);
    List<String> regions = oneIn(2) ? List.of("north") : List.of("north", "south");
    List<WorkClass> classes = classes();
    List<Scenario> scenarios =
        quarters < 2 || !oneIn(4)
            ? List.of(Scenario.certain())
            : List.of(
                Scenario.of("low", 0.6, "", 0, Series.of(1, 0.7)),
                Scenario.of("high", 0.4, "low", 1, Series.of(1, 1.6)));
    int chips = 1 + random.nextInt(2);
    int sites = quarters > 2 || scenarios.size() > 1 ? 1 : 1 + random.nextInt(2);
    List<LoadBlock> blocks =
        oneIn(3)
            ? List.of(new LoadBlock("all", 2190, true))
            : List.of(new LoadBlock("day", 700, true), new LoadBlock("night", 1490, false));
    return new PlanInputs(
        "tiny",
        new Horizon("2026-Q1", quarters, tail),
        blocks,
        regions,
        classes,
        scenarios,
        demand(regions, classes, blocks),
        chips(chips, classes),
        sites(sites, regions),
        contracts(regions, classes),
        finance(),
        rules(sites, chips, classes));
  }

  private List<WorkClass> classes() {
    List<WorkClass> classes = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int w = 0; w < count; w++) {
      classes.add(
          new WorkClass(
              "class" + w,
              Series.of(among(2, 12), among(2, 12)),
              Series.constant(oneIn(2) ? 0 : among(0, 4)),
              oneIn(2) ? 1 : 0.8,
              among(List.of(WorkClass.Standing.values())),
              oneIn(4),
              100,
              0));
    }
    return classes;
  }

  private Demand demand(List<String> regions, List<WorkClass> classes, List<LoadBlock> blocks) {
    List<Demand.Row> rows = new ArrayList<>();
    for (WorkClass work : classes) {
      for (String region : regions) {
        for (LoadBlock block : blocks) {
          rows.add(
              new Demand.Row(
                  work.name(),
                  region,
                  block.name(),
                  "",
                  Series.of(among(0, 3e4), among(0, 5e4), among(0, 6e4))));
        }
      }
    }
    return Demand.of(rows);
  }

  private List<Chip> chips(int count, List<WorkClass> classes) {
    List<Chip> chips = new ArrayList<>();
    for (int h = 0; h < count; h++) {
      Map<String, Double> rates = new java.util.TreeMap<>();
      for (WorkClass work : classes) {
        if (!oneIn(4)) {
          rates.put(work.name(), among(3e3, 9e3));
        }
      }
      chips.add(
          new Chip(
              "chip" + h,
              "vendor" + h,
              Series.of(among(0.2, 0.6), among(0.2, 0.6)),
              oneIn(2) ? 1 : 0.3,
              among(5, 15),
              oneIn(2) ? 0 : 0.4,
              oneIn(3),
              1,
              1 + random.nextInt(4),
              true,
              random.nextInt(2),
              4 + random.nextInt(12),
              2 + random.nextInt(20),
              oneIn(2) ? 0 : 0.05,
              Series.constant(4 + random.nextInt(5)),
              0.3,
              rates));
    }
    return chips;
  }

  private List<Site> sites(int count, List<String> regions) {
    List<Site> sites = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      List<Phase> phases = new ArrayList<>();
      int phaseCount = random.nextInt(3);
      for (int p = 0; p < phaseCount; p++) {
        boolean twice = oneIn(2);
        phases.add(
            new Phase(
                "phase" + p,
                among(0.02, 0.08),
                oneIn(2) ? 0 : 0.02,
                oneIn(2) ? Double.POSITIVE_INFINITY : 5,
                among(0.1, 0.5),
                twice ? 1 : 0,
                twice ? List.of(0.4, 0.6) : List.of(1.0),
                random.nextInt(2),
                20));
      }
      List<Link> links = new ArrayList<>();
      for (String region : regions) {
        if (!oneIn(5)) {
          links.add(new Link(region, oneIn(5) ? 150 : 20, oneIn(2) ? 0 : 0.1));
        }
      }
      sites.add(
          new Site(
              "site" + s,
              oneIn(2) ? 0 : 0.05,
              0,
              oneIn(3) ? 4 : Double.POSITIVE_INFINITY,
              phases,
              oneIn(2) ? Series.UNLIMITED : Series.constant(among(0.05, 0.2)),
              1.2,
              Series.of(among(200, 900)),
              oneIn(3) ? Map.of("chip0", Series.constant(300)) : Map.of(),
              among(0, 1),
              0.5,
              among(0, 2),
              among(0, 2),
              oneIn(3) ? List.of(new Installed("chip0", 2, 3, 0.1)) : List.of(),
              links));
    }
    return sites;
  }

  private List<Contract> contracts(List<String> regions, List<WorkClass> classes) {
    List<Contract> contracts = new ArrayList<>();
    String work = classes.getFirst().name();
    if (oneIn(3)) {
      contracts.add(
          new Contract(
              "hourly",
              regions,
              Contract.Kind.ON_DEMAND,
              Series.constant(among(50, 200)),
              0,
              1,
              Series.constant(3),
              Map.of(work, 6e3)));
    }
    if (oneIn(3)) {
      contracts.add(
          new Contract(
              "term",
              regions,
              Contract.Kind.RESERVED,
              Series.constant(among(30, 120)),
              0.01,
              2,
              Series.constant(4),
              Map.of(work, 6e3)));
    }
    if (oneIn(3)) {
      contracts.add(
          new Contract(
              "api",
              regions.subList(0, 1),
              Contract.Kind.API,
              Series.ONE,
              0,
              1,
              Series.constant(5e3),
              Map.of(work, among(1, 9))));
    }
    return contracts;
  }

  private Finance finance() {
    return new Finance(
        "CNY",
        oneIn(3) ? 0 : 0.08,
        oneIn(2) ? 0 : 0.25,
        oneIn(2) ? Series.UNLIMITED : Series.constant(among(0.5, 4)),
        oneIn(3) ? among(1, 6) : Double.POSITIVE_INFINITY,
        1,
        oneIn(3) ? 0 : Double.NEGATIVE_INFINITY,
        oneIn(2) ? 2 : 0,
        0.05,
        among(List.of(Finance.Terminal.values())));
  }

  private Rules rules(int sites, int chips, List<WorkClass> classes) {
    return new Rules(
        oneIn(4) ? Rules.Goal.COST : oneIn(6) ? Rules.Goal.SERVICE : Rules.Goal.VALUE,
        oneIn(6) ? Set.of(new Rules.Ban("chip0", "site0")) : Set.of(),
        oneIn(6)
            ? List.of(new Rules.Residency(classes.getFirst().name(), "north", Set.of("site0")))
            : List.of(),
        chips > 1 && oneIn(3) ? Map.of("vendor0", 0.6) : Map.of(),
        sites > 1 && oneIn(2),
        0,
        oneIn(5) ? Series.constant(100) : Series.UNLIMITED,
        oneIn(4) ? 0.5 : 0,
        0.5);
  }
}

package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.List;

/** Rules that no plan can follow, told before a solver is asked. */
final class InputContradictions {
  private InputContradictions() {}

  static void check(
      Horizon horizon,
      List<WorkClass> classes,
      List<String> regions,
      List<LoadBlock> blocks,
      List<Scenario> scenarios,
      Demand demand,
      List<Chip> chips,
      List<Site> sites,
      List<Contract> contracts,
      Rules rules) {
    beforeItIsKnown(horizon, classes, regions, blocks, scenarios, demand, chips);
    for (WorkClass work : classes) {
      if (work.leastServed() == 0) {
        continue;
      }
      for (String region : regions) {
        if (asked(work, region, horizon, blocks, scenarios, demand)
            && !served(work, region, sites, contracts, rules)) {
          throw new PlannerException(
              "classes.%s.leastServed".formatted(work.name()),
              null,
              "classes.%s.leastServed asks that %s of the demand of %s be served, but by latency, residency and contracts no place may serve it; allow one, or set it to 0."
                  .formatted(work.name(), Cells.number(work.leastServed()), region));
        }
      }
    }
    for (Site site : sites) {
      if (rules.leastRenewable() > 0
          && sites.stream().allMatch(one -> one.renewableShare() < rules.leastRenewable())) {
        throw new PlannerException(
            "rules.leastRenewable",
            null,
            "rules.leastRenewable is %s, but no site has so much (%s has %s); lower it, or add a site."
                .formatted(rules.leastRenewable(), site.name(), site.renewableShare()));
      }
    }
  }

  /** Two scenarios that are still one can't differ. */
  private static void beforeItIsKnown(
      Horizon horizon,
      List<WorkClass> classes,
      List<String> regions,
      List<LoadBlock> blocks,
      List<Scenario> scenarios,
      Demand demand,
      List<Chip> chips) {
    for (Scenario scenario : scenarios) {
      for (Scenario from : scenarios) {
        boolean splits = scenario.splitsFrom().equals(from.name());
        for (int t = 0; splits && t < scenario.splitQuarter(); t++) {
          int quarter = t;
          boolean same =
              scenario.priceFactor().at(t) == from.priceFactor().at(t)
                  && scenario.energyFactor().at(t) == from.energyFactor().at(t)
                  && chips.stream()
                      .allMatch(chip ->
                          supply(scenario, chip).at(quarter) == supply(from, chip).at(quarter))
                  && classes.stream()
                      .allMatch(work ->
                          asked(work, regions, blocks, quarter, scenario, demand)
                              .equals(asked(work, regions, blocks, quarter, from, demand)));
          if (!same) {
            throw new PlannerException(
                "scenarios." + scenario.name(),
                null,
                "scenarios.%s is told from %s in %s only, but differs from it in %s; let both be the same before, or split earlier."
                    .formatted(
                        scenario.name(),
                        from.name(),
                        horizon.label(scenario.splitQuarter()),
                        horizon.label(t)));
          }
        }
      }
    }
  }

  private static Series supply(Scenario scenario, Chip chip) {
    return scenario.supply().getOrDefault(chip.name(), chip.supply());
  }

  private static List<Double> asked(
      WorkClass work,
      List<String> regions,
      List<LoadBlock> blocks,
      int quarter,
      Scenario scenario,
      Demand demand) {
    return regions.stream()
        .flatMap(region ->
            blocks.stream()
                .map(block -> demand.at(work.name(), region, block.name(), quarter, scenario)))
        .toList();
  }

  private static boolean asked(
      WorkClass work,
      String region,
      Horizon horizon,
      List<LoadBlock> blocks,
      List<Scenario> scenarios,
      Demand demand) {
    for (int t = 0; t < horizon.length(); t++) {
      for (LoadBlock block : blocks) {
        for (Scenario scenario : scenarios) {
          if (demand.at(work.name(), region, block.name(), t, scenario) > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean served(
      WorkClass work, String region, List<Site> sites, List<Contract> contracts, Rules rules) {
    return sites.stream().anyMatch(site -> reaches(site, region, work, rules))
        || contracts.stream()
            .anyMatch(contract ->
                contract.serves(work.name(), region)
                    && rules.mayServe(work.name(), region, contract.name()));
  }

  private static boolean reaches(Site site, String region, WorkClass work, Rules rules) {
    return rules.mayServe(work.name(), region, site.name())
        && site.links().stream()
            .anyMatch(link -> link.region().equals(region) && link.millis() <= work.mostMillis());
  }
}

package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold between the parts of a plan's inputs. */
final class InputChecks {
  /** Servers of one chip for a second program's worth of columns: more is a slip. */
  private static final long MOST_COLUMNS = 2_000_000;

  private InputChecks() {}

  static void check(
      Horizon horizon,
      List<LoadBlock> blocks,
      List<String> regions,
      List<WorkClass> classes,
      List<Scenario> scenarios,
      Demand demand,
      List<Chip> chips,
      List<Site> sites,
      List<Contract> contracts,
      Rules rules) {
    Set<String> blockNames = names("blocks", blocks.stream().map(LoadBlock::name).toList());
    Set<String> regionNames = names("regions", regions);
    Set<String> classNames = names("classes", classes.stream().map(WorkClass::name).toList());
    Set<String> scenarioNames = names("scenarios", scenarios.stream().map(Scenario::name).toList());
    Set<String> chipNames = Cells.distinct("chips", chips.stream().map(Chip::name).toList());
    Set<String> siteNames = Cells.distinct("sites", sites.stream().map(Site::name).toList());
    Set<String> places = new HashSet<>(siteNames);
    for (Contract contract : contracts) {
      if (!places.add(contract.name())) {
        throw new PlannerException(
            "contracts",
            contract.name(),
            "contracts has '%s', which a site or another contract is called; give it a name of its own."
                .formatted(contract.name()));
      }
    }
    double hours = blocks.stream().mapToDouble(LoadBlock::hours).sum();
    Cells.range("blocks", "the sum of blocks.hours", hours, 1e-9, LoadBlock.MOST_HOURS + 1e-4);
    scenarios(scenarios, scenarioNames, chipNames, horizon);
    for (Demand.Row row : demand.rows()) {
      Cells.known("demand.class", row.workClass(), classNames);
      Cells.known("demand.region", row.region(), regionNames);
      Cells.known("demand.block", row.block(), blockNames);
      if (!row.scenario().isEmpty()) {
        Cells.known("demand.scenario", row.scenario(), scenarioNames);
      }
    }
    chips.forEach(chip ->
        chip.unitsPerSecond()
            .keySet()
            .forEach(work ->
                Cells.known("chips.%s.unitsPerSecond".formatted(chip.name()), work, classNames)));
    sites.forEach(site -> site(site, regionNames, chipNames));
    for (Contract contract : contracts) {
      String cell = "contracts." + contract.name();
      contract.regions().forEach(region -> Cells.known(cell + ".regions", region, regionNames));
      contract
          .unitsPerSecond()
          .keySet()
          .forEach(work -> Cells.known(cell + ".unitsPerSecond", work, classNames));
    }
    aims(rules, classes, sites);
    rules(rules, classNames, regionNames, places, chips, chipNames, siteNames);
    long columns =
        (long) scenarios.size()
            * horizon.length()
            * blocks.size()
            * classes.size()
            * sites.size()
            * (regions.size() + chips.size());
    if (columns > MOST_COLUMNS) {
      throw new PlannerException(
          "The plan has %,d combinations of scenario, quarter, block, class, site, region and chip; at most %,d can be solved: use fewer blocks, classes or scenarios."
              .formatted(columns, MOST_COLUMNS));
    }
    InputContradictions.check(
        horizon, classes, regions, blocks, scenarios, demand, chips, sites, contracts, rules);
  }

  private static Set<String> names(String cell, List<String> names) {
    if (names.isEmpty()) {
      throw new PlannerException("The plan has no %s; it needs one at least.".formatted(cell));
    }
    return Cells.distinct(cell, names);
  }

  private static void scenarios(
      List<Scenario> scenarios, Set<String> names, Set<String> chips, Horizon horizon) {
    double sum = 0;
    List<String> before = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      sum += scenario.probability();
      String cell = "scenarios." + scenario.name();
      if (!scenario.splitsFrom().isEmpty()) {
        Cells.known(cell + ".splitsFrom", scenario.splitsFrom(), before);
        Cells.range(cell + ".splitQuarter", scenario.splitQuarter(), 1, horizon.length() - 1.0);
      }
      scenario.supply().keySet().forEach(chip -> Cells.known(cell + ".supply", chip, chips));
      before.add(scenario.name());
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new PlannerException(
          "scenarios",
          null,
          "The probabilities of scenarios %s add up to %s; they must add up to 1."
              .formatted(String.join(", ", names), sum));
    }
  }

  private static void site(Site site, Set<String> regions, Set<String> chips) {
    String cell = "sites." + site.name();
    site.links().forEach(link -> Cells.known(cell + ".links", link.region(), regions));
    site.powerPriceByChip()
        .keySet()
        .forEach(chip -> Cells.known(cell + ".powerPriceByChip", chip, chips));
    site.installed().forEach(one -> Cells.known(cell + ".installed", one.chip(), chips));
  }

  private static void aims(Rules rules, List<WorkClass> classes, List<Site> sites) {
    if (rules.aims().contains(Aim.CARBON)
        && sites.stream().allMatch(site -> site.carbonPerMegawattHour() == 0)) {
      throw new PlannerException(
          "rules.goals",
          Aim.CARBON.text(),
          "rules.goals has 'carbon', but no site tells its carbon; leave it out, or give sites carbon = \"0.5 t/MWh\".");
    }
    for (Aim aim : rules.aims()) {
      boolean counts = classes.stream().anyMatch(work -> aim.counts(work.standing()));
      if (!aim.isMoney() && aim != Aim.CARBON && !counts) {
        throw new PlannerException(
            "rules.goals",
            aim.text(),
            "rules.goals has '%s', but no class has that standing; leave it out, or give a class standing = \"%s\"."
                .formatted(aim.text(), aim.text()));
      }
    }
  }

  private static void rules(
      Rules rules,
      Set<String> classes,
      Set<String> regions,
      Set<String> places,
      List<Chip> chips,
      Set<String> chipNames,
      Set<String> siteNames) {
    for (Rules.Ban ban : rules.banned()) {
      Cells.known("rules.banned.chip", ban.chip(), chipNames);
      Cells.known("rules.banned.site", ban.site(), siteNames);
    }
    for (Rules.Residency rule : rules.residency()) {
      Cells.known("rules.residency.class", rule.workClass(), classes);
      Cells.known("rules.residency.region", rule.region(), regions);
      rule.allowed().forEach(place -> Cells.known("rules.residency.allowed", place, places));
    }
    List<String> vendors = chips.stream().map(Chip::vendor).distinct().toList();
    rules
        .vendorShare()
        .keySet()
        .forEach(vendor -> Cells.known("rules.vendorShare", vendor, vendors));
    if (rules.siteLoss() && siteNames.size() < 2) {
      throw new PlannerException(
          "rules.siteLoss",
          null,
          "rules.siteLoss asks that the loss of a site be borne, but there is %d site; add one, or leave the rule out."
              .formatted(siteNames.size()));
    }
    double shares =
        vendors.stream().mapToDouble(one -> rules.vendorShare().getOrDefault(one, 1.0)).sum();
    if (!vendors.isEmpty() && shares < 1 - 1e-9) {
      throw new PlannerException(
          "rules.vendorShare",
          null,
          "rules.vendorShare lets all vendors together have %s of the power, so nothing could be built; let them have 1 at least."
              .formatted(shares));
    }
  }
}

package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.List;

/**
 * Everything that a capital plan is made from. Names are told apart by their letters as they are.
 *
 * @param name of the plan
 * @param regions where work comes from
 */
public record PlanInputs(
    String name,
    Horizon horizon,
    List<LoadBlock> blocks,
    List<String> regions,
    List<WorkClass> classes,
    List<Scenario> scenarios,
    Demand demand,
    List<Chip> chips,
    List<Site> sites,
    List<Contract> contracts,
    Finance finance,
    Rules rules) {
  /**
   * Copies, and checks that names are known and rules don't contradict each other.
   *
   * @throws PlannerException naming the cell and the mend
   */
  public PlanInputs {
    Cells.name("name", name);
    blocks = List.copyOf(blocks);
    regions = List.copyOf(regions);
    classes = List.copyOf(classes);
    scenarios = List.copyOf(scenarios);
    chips = List.copyOf(chips);
    sites = List.copyOf(sites);
    contracts = List.copyOf(contracts);
    InputChecks.check(
        horizon, blocks, regions, classes, scenarios, demand, chips, sites, contracts, rules);
  }

  /** A chip by its name. */
  public Chip chip(String wanted) {
    return find(chips.stream().filter(chip -> chip.name().equals(wanted)).toList(), wanted);
  }

  /** A site by its name. */
  public Site site(String wanted) {
    return find(sites.stream().filter(site -> site.name().equals(wanted)).toList(), wanted);
  }

  /** A contract by its name. */
  public Contract contract(String wanted) {
    return find(contracts.stream().filter(one -> one.name().equals(wanted)).toList(), wanted);
  }

  /** A class by its name. */
  public WorkClass workClass(String wanted) {
    return find(classes.stream().filter(one -> one.name().equals(wanted)).toList(), wanted);
  }

  /** The way that the scenarios part. */
  public ScenarioTree tree() {
    return new ScenarioTree(scenarios, horizon.length());
  }

  /** The same with other money. */
  public PlanInputs with(Finance other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, scenarios, demand, chips, sites, contracts, other,
        rules);
  }

  /** The same with other rules. */
  public PlanInputs with(Rules other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, scenarios, demand, chips, sites, contracts,
        finance, other);
  }

  /** The same with other sites. */
  public PlanInputs withSites(List<Site> other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, scenarios, demand, chips, other, contracts,
        finance, rules);
  }

  /** The same with other chips. */
  public PlanInputs withChips(List<Chip> other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, scenarios, demand, other, sites, contracts,
        finance, rules);
  }

  /** The same with other scenarios. */
  public PlanInputs withScenarios(List<Scenario> other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, other, demand, chips, sites, contracts, finance,
        rules);
  }

  /** The same with another demand. */
  public PlanInputs with(Demand other) {
    return new PlanInputs(
        name, horizon, blocks, regions, classes, scenarios, other, chips, sites, contracts, finance,
        rules);
  }

  private static <T> T find(List<T> found, String wanted) {
    if (found.isEmpty()) {
      throw new PlannerException("Nothing is called '%s' in the plan.".formatted(wanted));
    }
    return found.getFirst();
  }
}

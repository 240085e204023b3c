package io.yuntai.planner.files;

import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.WorkClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code [[demand]]} may name, and what was told already. */
final class DemandNames {
  private final List<String> classes;
  private final List<String> regions;
  private final List<String> blocks;
  private final List<String> scenarios;
  private final Map<Key, String> told = new HashMap<>();

  private record Key(String workClass, String region, String block, String scenario) {}

  DemandNames(
      List<WorkClass> classes,
      List<String> regions,
      List<LoadBlock> blocks,
      List<Scenario> scenarios) {
    this.classes = classes.stream().map(WorkClass::name).toList();
    this.regions = regions;
    this.blocks = blocks.stream().map(LoadBlock::name).toList();
    this.scenarios = scenarios.stream().map(Scenario::name).toList();
  }

  /** Refuses what is not there. */
  void check(PlanCells cells) {
    cells.among("class", "class", classes);
    cells.among("region", "region", regions);
    if (cells.has("block")) {
      cells.among("block", "block of hours", blocks);
    }
    if (cells.has("scenario")) {
      cells.among("scenario", "scenario", scenarios);
    }
  }

  /** Refuses what was told before. */
  void tell(PlanCells cells, String workClass, String region, String block, String scenario) {
    String before = told.put(new Key(workClass, region, block, scenario), cells.path());
    if (before != null) {
      throw cells.slip(
          "region",
          "%s tells the demand of %s in %s, %s%s already; leave one of the two out"
              .formatted(
                  before,
                  workClass,
                  region,
                  block,
                  scenario.isEmpty() ? "" : ", scenario " + scenario));
    }
  }
}

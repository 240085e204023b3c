package io.yuntai.planner.files;

import io.yuntai.planner.futures.DemandBudget;
import io.yuntai.planner.futures.DemandBudget.By;
import io.yuntai.planner.futures.Futures;
import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code [robust]}: demand within a box, of which so many deviate at once. Its corners become
 * the plan's scenarios, and the worst of them its goal, before what is expected.
 */
final class RobustReader {
  private static final Map<String, By> WAYS =
      Map.of("region", By.REGION, "class", By.CLASS, "class-and-region", By.CLASS_AND_REGION);
  private static final int YEAR = 4;

  private RobustReader() {}

  static boolean isThere(PlanCells top) {
    return top.has("robust");
  }

  /** What may come; refuses scenarios beside it. */
  static Futures futures(PlanCells top, Demand expected) {
    if (top.has("scenarios")) {
      throw top.slip("robust", "makes scenarios of its own; leave [scenarios] out, or this");
    }
    PlanCells cells = top.table("robust");
    CellSource source = cells.source();
    int last = source.quarters - 1;
    int known = cells.quarter("known-from", Math.min(YEAR, last));
    if (known < 1 || known > last) {
      throw cells.slip(
          "known-from",
          "deviations are known from a quarter between %s and %s on"
              .formatted(source.first.plus(1), source.first.plus(last)));
    }
    double up = cells.amount("up", "1", 0);
    double down = cells.share("down", 0);
    if (up == 0 && down == 0) {
      throw cells.slip(
          "up",
          "how far demand may be above or below is missing; write up = \"30 %\", down, or both");
    }
    double atOnce = cells.amount("at-once", "1");
    By by = cells.choice("by", "region", WAYS);
    cells.end();
    DemandBudget budget = cells.checked("up", () -> new DemandBudget(up, down, atOnce, by, known));
    Futures futures = cells.checked("at-once", () -> budget.of(expected, source.quarters));
    source.note(
        "Robust: %d futures, in which at most %s of the demands by %s are up to %s %% above or %s %% below what is expected, from %s on; the worst of them counts."
            .formatted(
                futures.scenarios().size(),
                CellText.plain(atOnce),
                by.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                CellText.plain(100 * up),
                CellText.plain(100 * down),
                source.first.plus(known)));
    return futures;
  }

  /** With the worst future before the first goal of money. */
  static Rules rules(PlanCells top, Rules rules, List<Scenario> futures) {
    PlanCells cells = top.table("rules");
    if (rules.goal() == Rules.Goal.SERVICE) {
      throw cells.slip(
          "goal",
          "with [robust] it is the worst future's money that counts; write \"value\" or \"cost\"");
    }
    if (rules.riskWeight() > 0 || rules.aims().contains(Aim.RISK)) {
      throw cells.slip(
          rules.riskWeight() > 0 ? "risk-weight" : "goals",
          "with [robust] the worst future counts already; leave risk out");
    }
    if (futures.size() == 1) {
      return rules;
    }
    List<Aim> aims = new ArrayList<>(rules.aims());
    if (aims.isEmpty()) {
      aims.add(rules.goal() == Rules.Goal.VALUE ? Aim.VALUE : Aim.COST);
    }
    int at = 0;
    while (!aims.get(at).isMoney()) {
      at++;
    }
    aims.add(at, Aim.RISK);
    double tail = futures.stream().mapToDouble(Scenario::probability).min().orElse(1);
    return cells.made(() -> rules.with(aims, tail));
  }
}

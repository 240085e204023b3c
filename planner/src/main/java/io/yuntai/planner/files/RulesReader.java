package io.yuntai.planner.files;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Rules.Ban;
import io.yuntai.planner.plan.Rules.Goal;
import io.yuntai.planner.plan.Rules.Residency;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code [rules]}. */
final class RulesReader {
  private static final Map<String, Goal> GOALS =
      Map.of("value", Goal.VALUE, "cost", Goal.COST, "service", Goal.SERVICE);

  private RulesReader() {}

  static Rules rules(PlanCells cells) {
    Set<Ban> banned = new LinkedHashSet<>();
    for (PlanCells ban : cells.tables("banned")) {
      banned.add(new Ban(ban.text("chip"), ban.text("site")));
      ban.end();
    }
    List<Residency> residency = new ArrayList<>();
    for (PlanCells rule : cells.tables("residency")) {
      residency.add(
          new Residency(
              rule.text("class"), rule.text("region"), new LinkedHashSet<>(rule.texts("allowed"))));
      rule.end();
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    PlanCells vendors = cells.table("vendor-share");
    for (String vendor : vendors.names()) {
      shares.put(vendor, vendors.share(vendor, 1));
    }
    List<Aim> aims = aims(cells);
    Rules rules =
        cells.made(() ->
            new Rules(
                aims.isEmpty() ? cells.choice("goal", "value", GOALS) : goal(aims),
                banned,
                residency,
                shares,
                cells.flag("site-loss", false),
                cells.share("least-renewable", 0),
                cells.series("most-carbon", "t/quarter", Series.UNLIMITED),
                cells.share("risk-weight", 0),
                cells.share("risk-tail", 0.1),
                aims,
                cells.share("goals-tolerance", 0.001)));
    cells.end();
    return rules;
  }

  /** Goals one before the other. */
  private static List<Aim> aims(PlanCells cells) {
    List<String> names = cells.texts("goals");
    if (!names.isEmpty() && cells.has("goal")) {
      throw cells.slip("goal", "is told by goals, too, of which there are several; leave one out");
    }
    if (names.isEmpty() && cells.has("goals-tolerance")) {
      throw cells.slip("goals-tolerance", "is for several goals, and there are no goals here");
    }
    List<Aim> aims = new ArrayList<>();
    for (String name : names) {
      aims.add(
          Arrays.stream(Aim.values())
              .filter(aim -> aim.text().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  cells.slip(
                      "goals",
                      "'%s' is none of: %s"
                          .formatted(
                              name,
                              Arrays.stream(Aim.values())
                                  .map(Aim::text)
                                  .collect(Collectors.joining(", "))))));
    }
    return aims;
  }

  private static Goal goal(List<Aim> aims) {
    return aims.stream()
                .filter(aim -> aim == Aim.VALUE || aim == Aim.COST)
                .findFirst()
                .orElse(Aim.VALUE)
            == Aim.VALUE
        ? Goal.VALUE
        : Goal.COST;
  }
}

package io.yuntai.planner.files;

import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Rules.Ban;
import io.yuntai.planner.plan.Rules.Goal;
import io.yuntai.planner.plan.Rules.Residency;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Rules rules =
        cells.made(() ->
            new Rules(
                cells.choice("goal", "value", GOALS),
                banned,
                residency,
                shares,
                cells.flag("site-loss", false),
                cells.share("least-renewable", 0),
                cells.series("most-carbon", "t/quarter", Series.UNLIMITED),
                cells.share("risk-weight", 0),
                cells.share("risk-tail", 0.1)));
    cells.end();
    return rules;
  }
}

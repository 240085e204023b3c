package io.yuntai.planner.exports;

import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.stress.LostSites.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Which class is served how far when each site is lost: the worst quarter of each. */
final class LossChart {
  private static final int LEFT = 150;
  private static final int TOP = 92;
  private static final int ROW = 30;
  private static final int BOTTOM = 40;
  private static final int CELL = 116;

  private LossChart() {}

  static Table table(Plan plan, List<Loss> losses) {
    List<List<Object>> rows = new ArrayList<>();
    for (Loss one : losses) {
      WorkClass work = plan.inputs().workClass(one.workClass());
      rows.add(
          List.of(
              one.lost(),
              plan.inputs().horizon().label(one.quarter()),
              one.workClass(),
              work.standing().name().toLowerCase(Locale.ROOT),
              one.asked(),
              one.served(),
              one.share()));
    }
    return new Table(
        List.of(
            "lost",
            "quarter",
            "class",
            "standing",
            "asked_units_per_second",
            "served_units_per_second",
            "share"),
        rows);
  }

  static String svg(Plan plan, List<Loss> losses) {
    List<WorkClass> classes = plan.inputs().classes();
    Map<String, Map<String, Loss>> worst = new LinkedHashMap<>();
    for (Loss one : losses) {
      worst
          .computeIfAbsent(one.lost(), _ -> new LinkedHashMap<>())
          .merge(one.workClass(), one, (a, b) -> a.share() <= b.share() ? a : b);
    }
    int width = Math.max(760, LEFT + CELL * classes.size() + 24);
    int height = TOP + ROW * Math.max(1, worst.size()) + BOTTOM;
    Drawing drawing =
        new Drawing(
            "Served after the loss of a site",
            "share of what is asked for in the busiest hours that can be served, in the worst quarter",
            width,
            height,
            24);
    StringJoiner told = new StringJoiner(" ");
    for (int w = 0; w < classes.size(); w++) {
      double middle = LEFT + CELL * (w + 0.5);
      drawing.text(middle, TOP - 24, "middle", "ink", classes.get(w).name());
      drawing.text(
          middle,
          TOP - 10,
          "middle",
          "soft",
          classes.get(w).standing().name().toLowerCase(Locale.ROOT));
    }
    int row = 0;
    for (Map.Entry<String, Map<String, Loss>> site : worst.entrySet()) {
      String name = site.getKey().isEmpty() ? "none lost" : site.getKey();
      double y = TOP + ROW * row++;
      drawing.text(LEFT - 12, y + ROW / 2.0 + 4, "end", "ink", name);
      StringJoiner shares = new StringJoiner(", ");
      for (int w = 0; w < classes.size(); w++) {
        Loss one = site.getValue().get(classes.get(w).name());
        if (one != null) {
          String share = "%.0f %%".formatted(100 * one.share());
          String when = plan.inputs().horizon().label(one.quarter());
          double x = LEFT + CELL * w;
          drawing.shade(x + 1, y + 1, CELL - 2, ROW - 2, one.share(), share + " in " + when);
          drawing.text(
              x + CELL / 2.0,
              y + ROW / 2.0 + 4,
              "middle",
              "ink",
              one.share() < 0.995 ? share + ", " + when : share);
          shares.add(one.workClass() + " " + share);
        }
      }
      told.add("%s: %s.".formatted(name, shares));
    }
    drawing.text(
        24,
        height - 10,
        "start",
        "soft",
        "Gold goes before silver, and silver before bronze; nothing more is rented than planned.");
    return drawing.end(told.toString());
  }
}

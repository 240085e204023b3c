package io.yuntai.planner.files;

import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.plan.WorkClass.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code [classes.NAME]}. */
final class WorkReader {
  private static final Map<String, Standing> STANDINGS =
      Map.of("gold", Standing.GOLD, "silver", Standing.SILVER, "bronze", Standing.BRONZE);

  private WorkReader() {}

  static List<WorkClass> classes(PlanCells top) {
    List<WorkClass> classes = new ArrayList<>();
    for (PlanCells.Named one : top.named("classes")) {
      PlanCells cells = one.cells();
      classes.add(
          cells.made(() ->
              new WorkClass(
                  one.name(),
                  cells.series("price", "¤/million token", Series.ZERO),
                  cells.series("penalty", "¤/million token", Series.ZERO),
                  cells.share("usable-load", 1),
                  cells.choice("standing", "bronze", STANDINGS),
                  cells.flag("movable", false),
                  cells.number("most-latency", "ms", Double.POSITIVE_INFINITY),
                  cells.share("least-served", 0))));
      cells.end();
    }
    return classes;
  }
}

package io.yuntai.planner.files;

import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.futures.FanTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads {@code [fan]}: what was metered goes on by quantiles, as a tree of scenarios. */
final class FanReader {
  /** A first cut: ten, fifty and ninety per cent. */
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

  private static final List<Double> WEIGHTS = List.of(0.3, 0.4, 0.3);

  /** After a year, and after two. */
  private static final List<Integer> BRANCHES = List.of(4, 8);

  private FanReader() {}

  /** The tree; none where the file has no fan. */
  static Optional<FanTree> tree(PlanCells top) {
    if (!top.has("fan")) {
      return Optional.empty();
    }
    for (String other : List.of("scenarios", "robust")) {
      if (top.has(other)) {
        throw top.slip(
            "fan", "makes scenarios of its own; leave [%s] out, or this".formatted(other));
      }
    }
    if (top.tables("demand").stream().noneMatch(row -> row.has("usage"))) {
      throw top.slip(
          "fan",
          "is made of usage that was metered, and no [[demand]] has any; give one its usage");
    }
    PlanCells cells = top.table("fan");
    List<Integer> branches = branches(cells);
    List<Double> levels = numbers(cells, "levels", LEVELS);
    List<Double> weights = numbers(cells, "weights", WEIGHTS);
    cells.end();
    String blamed = cells.has("weights") ? "weights" : cells.has("levels") ? "levels" : "branches";
    return Optional.of(cells.checked(blamed, () -> new FanTree(branches, levels, weights)));
  }

  private static List<Integer> branches(PlanCells cells) {
    CellSource source = cells.source();
    List<Integer> branches = new ArrayList<>();
    for (String text : cells.texts("branches")) {
      int at = cells.checked("branches", () -> source.first.until(Quarter.parse(text)));
      if (at < 1 || at >= source.quarters) {
        throw cells.slip(
            "branches",
            "%s is not between %s and %s, where the plan's future may branch"
                .formatted(text, source.first.plus(1), source.first.plus(source.quarters - 1)));
      }
      branches.add(at);
    }
    if (!branches.isEmpty()) {
      return branches;
    }
    List<Integer> usual = BRANCHES.stream().filter(at -> at < source.quarters).toList();
    if (usual.isEmpty()) {
      throw cells.slip(
          "branches",
          "a plan of %d quarters has none after a year; name branches, as [\"%s\"]"
              .formatted(source.quarters, source.first.plus(1)));
    }
    return usual;
  }

  private static List<Double> numbers(PlanCells cells, String key, List<Double> otherwise) {
    return cells.has(key)
        ? Arrays.stream(cells.series(key, "1").values()).boxed().toList()
        : otherwise;
  }
}

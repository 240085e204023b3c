package io.yuntai.planner.files;

import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.demand.HourlySeries;
import io.yuntai.planner.futures.FanTree;
import io.yuntai.planner.outlook.MonthlySeries;
import io.yuntai.planner.outlook.Outlook;
import io.yuntai.planner.outlook.UnitCosts;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageKind;
import io.yuntai.planner.usage.UsageMeasure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Demand from usage that was metered: the hours of the last weeks give blocks their load, months
 * give the quarters, by their own trends where there are enough of them and by a growth that the
 * file tells where not.
 */
final class MeteredDemand {
  /** For the quantile at which one more unit of one's own just pays. */
  private static final String NEWSVENDOR = "newsvendor";

  private static final int SHAPE_HOURS = 8 * 7 * 24;
  private static final double HOUR_SECONDS = 3600;
  private static final double QUARTER_SECONDS = 8760 * 3600 / 4.0;

  private final PlanCells cells;
  private final List<LoadBlock> blocks;
  private final UsageFiles files;

  MeteredDemand(PlanCells cells, List<LoadBlock> blocks, UsageFiles files) {
    this.cells = cells;
    this.blocks = blocks;
    this.files = files;
  }

  /** Tokens a second by block. */
  Map<String, Series> rates() {
    HourlySeries hours = hours();
    return byBlock(hours, Series.of(quarters(hours)));
  }

  /** Tokens a second by scenario of a tree, and block. */
  Map<String, Map<String, Series>> rates(FanTree tree) {
    for (String other : List.of("growth", "quantile", "rent-by-own")) {
      if (cells.has(other)) {
        throw cells.slip(
            other, "the fan takes quantiles of what months tell; leave this out, or [fan]");
      }
    }
    HourlySeries hours = hours();
    Outlook outlook = outlook(hours, new UnitCosts(1, 1.5));
    List<Series> paths = tree.paths((t, level) -> at(outlook, t, level), cells.source().quarters);
    told(outlook, hours, "a fan of its quantiles is planned for");
    Map<String, Map<String, Series>> rates = new LinkedHashMap<>();
    for (int s = 0; s < paths.size(); s++) {
      rates.put(tree.scenarios().get(s).name(), byBlock(hours, paths.get(s)));
    }
    return rates;
  }

  private HourlySeries hours() {
    String name = cells.text("usage");
    String model = String.valueOf(cells.text("model", ""));
    String from = String.valueOf(cells.text("usage-region", ""));
    UsageMeasure measure =
        cells.checked(
            "measure", () -> UsageMeasure.of(String.valueOf(cells.text("measure", "output"))));
    HourlyUsage usage = files.read(cells, "usage");
    Predicate<UsageKind> which =
        kind ->
            (model.isEmpty() || kind.model().equals(model))
                && (from.isEmpty() || kind.region().equals(from));
    if (usage.kinds().stream().noneMatch(which)) {
      throw cells.slip(
          "usage",
          "%s has nothing of this model and region; there are %s".formatted(name, usage.kinds()));
    }
    return usage.offered(measure, which);
  }

  private Map<String, Series> byBlock(HourlySeries hours, Series means) {
    Map<String, Series> rates = new LinkedHashMap<>();
    shape(hours.amounts()).forEach((block, load) -> rates.put(block, means.times(load)));
    return rates;
  }

  /** Mean tokens a second of each of the plan's quarters. */
  private double[] quarters(HourlySeries hours) {
    CellSource source = cells.source();
    double[] means = new double[source.quarters];
    if (cells.has("growth")) {
      double[] growth = DemandReader.growth(cells, source.quarters);
      double[] last = last(hours.amounts());
      double now = Arrays.stream(last).average().orElse(0) / HOUR_SECONDS;
      Arrays.setAll(means, t -> now * growth[t]);
      return means;
    }
    UnitCosts costs =
        cells.checked("rent-by-own", () -> new UnitCosts(1, cells.number("rent-by-own", "1", 1.5)));
    double level = cells.is("quantile", NEWSVENDOR) ? costs.level() : cells.share("quantile", 0.5);
    Outlook outlook = outlook(hours, costs);
    Arrays.setAll(means, t -> at(outlook, t, level));
    told(outlook, hours, "the quantile %.2f is planned for".formatted(level));
    return means;
  }

  private Outlook outlook(HourlySeries hours, UnitCosts costs) {
    CellSource source = cells.source();
    return cells.checked(
        "usage",
        () -> {
          MonthlySeries months = MonthlySeries.of(hours);
          int ahead = Quarter.of(months.next()).until(source.first) + source.quarters;
          return Outlook.of(months, Math.clamp(ahead, 1, Outlook.MAX_QUARTERS), costs);
        });
  }

  /** Mean tokens a second of a quarter of the plan. */
  private double at(Outlook outlook, int t, double level) {
    int quarter =
        Math.clamp(
            outlook.first().until(cells.source().first.plus(t)), 0, outlook.fan().quarters() - 1);
    return outlook.fan().quantile(quarter, level) / QUARTER_SECONDS;
  }

  private void told(Outlook outlook, HourlySeries hours, String plannedFor) {
    cells
        .source()
        .note(
            "%s: %d months of usage are told on by %s (%.0f %%); %s; over what could be judged it told %+.0f %% too much, and bands held %.0f %%."
                .formatted(
                    cells.path(),
                    MonthlySeries.of(hours).months(),
                    outlook.methods().getFirst().judged().trend().name(),
                    100 * outlook.methods().getFirst().weight(),
                    plannedFor,
                    100 * outlook.scores().bias(),
                    100 * outlook.scores().coverage()));
  }

  /** How each block stands to the mean: the busiest hours are the first block's by load. */
  private Map<String, Double> shape(double[] amounts) {
    double[] sorted = last(amounts);
    Arrays.sort(sorted);
    double mean = Math.max(Arrays.stream(sorted).average().orElse(0), Double.MIN_NORMAL);
    double all = blocks.stream().mapToDouble(LoadBlock::hours).sum();
    Map<String, Double> shape = new LinkedHashMap<>();
    double taken = sorted.length;
    List<LoadBlock> byPeak =
        blocks.stream().sorted((a, b) -> Boolean.compare(b.peak(), a.peak())).toList();
    for (LoadBlock block : byPeak) {
      double next = taken - sorted.length * block.hours() / all;
      int from = Math.clamp(Math.round(next), 0, sorted.length - 1);
      int to = Math.clamp(Math.round(taken), from + 1, sorted.length);
      shape.put(block.name(), Arrays.stream(sorted, from, to).average().orElse(0) / mean);
      taken = next;
    }
    return shape;
  }

  private static double[] last(double[] amounts) {
    return Arrays.copyOfRange(amounts, Math.max(0, amounts.length - SHAPE_HOURS), amounts.length);
  }
}

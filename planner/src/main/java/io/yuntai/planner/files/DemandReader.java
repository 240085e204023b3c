package io.yuntai.planner.files;

import io.yuntai.planner.calendar.FiscalYears;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.futures.FanTree;
import io.yuntai.planner.outlook.GrowthPath;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code [[demand]]}: rates by quarter, a rate that grows, a path of revenue or tokens, or
 * usage that was metered. Without a block, a row is the mean over all blocks, each of which stands
 * to it as its {@code load} says.
 */
final class DemandReader {
  /** Seconds of a quarter, as months are reckoned everywhere here. */
  private static final double QUARTER_SECONDS = 8760 * 3600 / 4.0;

  private static final double MILLION = 1e6;

  /** A hundredfold a year: more is a slip. */
  private static final double MOST_GROWTH = 99;

  private final PlanCells top;
  private final DemandNames names;
  private final List<WorkClass> classes;
  private final List<LoadBlock> blocks;
  private final Map<String, Double> loads;
  private final FiscalYears fiscal;
  private final UsageFiles files;
  private final Optional<FanTree> fan;
  private final List<Demand.Row> rows = new ArrayList<>();

  DemandReader(
      PlanCells top,
      DemandNames names,
      List<WorkClass> classes,
      List<LoadBlock> blocks,
      Map<String, Double> loads,
      FiscalYears fiscal,
      UsageFiles files,
      Optional<FanTree> fan) {
    this.top = top;
    this.names = names;
    this.classes = classes;
    this.blocks = blocks;
    this.loads = loads;
    this.fiscal = fiscal;
    this.files = files;
    this.fan = fan;
  }

  Demand demand() {
    List<PlanCells> tables = top.tables("demand");
    for (PlanCells cells : tables) {
      names.check(cells);
      String work = cells.text("class");
      if (cells.has("usage")) {
        metered(cells);
      } else {
        Series mean = cells.has("path") ? path(cells, work) : rate(cells);
        String block = cells.text("block", null);
        if (block != null) {
          add(cells, block, scenario(cells), mean);
        } else {
          loads.forEach((name, load) -> add(cells, name, scenario(cells), mean.times(load)));
        }
      }
      cells.end();
    }
    return top.made(() -> Demand.of(rows));
  }

  private static String scenario(PlanCells cells) {
    return String.valueOf(cells.text("scenario", ""));
  }

  /** By the quantile that is planned for, or in each scenario of the fan by its own. */
  private void metered(PlanCells cells) {
    MeteredDemand metered = new MeteredDemand(cells, blocks, files);
    if (fan.isEmpty()) {
      metered.rates().forEach((block, rates) -> add(cells, block, scenario(cells), rates));
      return;
    }
    if (cells.has("scenario")) {
      throw cells.slip(
          "scenario", "the fan gives each of its scenarios usage of its own; leave this out");
    }
    metered
        .rates(fan.get())
        .forEach(
            (name, byBlock) -> byBlock.forEach((block, rates) -> add(cells, block, name, rates)));
  }

  private void add(PlanCells cells, String block, String scenario, Series rates) {
    String work = cells.text("class");
    String region = cells.text("region");
    names.tell(cells, work, region, block, scenario);
    for (double units : rates.values()) {
      if (!(units <= Demand.MOST_UNITS)) {
        throw cells.slip(
            cells.has("rate") ? "rate" : cells.has("path") ? "path" : "usage",
            "%s units a second in %s can't be; look at its unit"
                .formatted(CellText.plain(units), block));
      }
    }
    rows.add(cells.made(() -> new Demand.Row(work, region, block, scenario, rates)));
  }

  /** A rate, or one that grows from the first quarter on, less and less so where it is damped. */
  private Series rate(PlanCells cells) {
    Series rate = cells.amounts("rate", "token/s");
    if (!cells.has("growth")) {
      return rate;
    }
    double[] growth = growth(cells, cells.source().quarters);
    double[] rates = new double[growth.length];
    Arrays.setAll(rates, t -> rate.at(t) * growth[t]);
    return Series.of(rates);
  }

  /** By what demand is multiplied in each quarter. */
  static double[] growth(PlanCells cells, int quarters) {
    double now = logarithmic(cells, "growth", 0);
    double later = logarithmic(cells, "later-growth", now);
    double damping = cells.number("damping", "1", 0.9);
    double[] factors = new double[quarters];
    for (int t = 0; t < quarters; t++) {
      int quarter = t;
      factors[t] =
          cells.checked(
              "damping",
              () -> io.yuntai.planner.finance.Growth.damped(now, later, damping, quarter));
    }
    return factors;
  }

  /** Growth of a quarter; what a quarter has when there is no such cell. */
  private static double logarithmic(PlanCells cells, String key, double otherwise) {
    if (!cells.has(key)) {
      return otherwise;
    }
    double perYear = cells.number(key, "1/year");
    if (!(perYear > -1 && perYear <= MOST_GROWTH)) {
      throw cells.slip(
          key,
          "%s %%/year can't be; growth is above -100 %%/year and at most %s %%/year"
              .formatted(CellText.plain(100 * perYear), CellText.plain(100 * MOST_GROWTH)));
    }
    return Math.log1p(perYear) / 4;
  }

  /** Revenue or tokens that are to become so many by a year. */
  private Series path(PlanCells cells, String work) {
    String text = cells.text("path");
    Quarter from = cells.checked("from", () -> quarter(cells.text("from")));
    double damping = cells.number("damping", "1", 1);
    GrowthPath path = cells.checked("path", () -> GrowthPath.parse(text, from, fiscal, damping));
    Series share = cells.amounts("share", "1", Series.ONE);
    cells
        .source()
        .note(
            "'%s' is %.1f %% a year over %.3f years: %s."
                .formatted(text, 100 * path.growthPerYear(), path.years(), path.basis()));
    double[] rates = new double[cells.source().quarters];
    boolean money = !path.what().startsWith("token");
    for (int t = 0; t < rates.length; t++) {
      double perSecond = path.at(cells.source().first.plus(t)) * share.at(t) / QUARTER_SECONDS;
      rates[t] = money ? perSecond * MILLION / price(cells, work, t) : perSecond;
    }
    return Series.of(rates);
  }

  private Quarter quarter(String text) {
    return text.startsWith("FY") ? fiscal.parse(text) : Quarter.parse(text);
  }

  private double price(PlanCells cells, String work, int quarter) {
    double price =
        classes.stream()
            .filter(one -> one.name().equals(work))
            .findFirst()
            .map(one -> one.price().at(quarter))
            .orElse(0.0);
    if (price == 0) {
      throw cells.slip(
          "path", "revenue is tokens by their price, and the class '%s' has none".formatted(work));
    }
    return price;
  }
}

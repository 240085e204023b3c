package io.yuntai.planner.exports;

import io.yuntai.planner.exports.PlanSums.Built;
import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.files.ContextLine;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.stress.LostSites;
import io.yuntai.planner.stress.Tornado;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Charts of a plan, each a picture of its own with the table that it is drawn from. */
public final class PlanCharts {
  private static final int QUARTERS_PER_YEAR = 4;

  private final Plan plan;
  private final PlanInputs inputs;
  private final PlanSums sums;
  private final List<String> quarters;
  private final int length;

  private PlanCharts(Plan plan) {
    this.plan = plan;
    this.inputs = plan.inputs();
    this.sums = new PlanSums(inputs, plan.decisions(), inputs.scenarios().getFirst().name());
    this.length = inputs.horizon().length();
    this.quarters = IntStream.range(0, length).mapToObj(inputs.horizon()::label).toList();
  }

  /**
   * A chart.
   *
   * @param svg the picture
   * @param table what it is drawn from
   */
  public record Chart(String svg, Table table) {}

  /** All charts by their name. */
  public static Map<String, Chart> of(
      Plan plan, List<ContextLine> context, Tornado tornado, Places places) {
    PlanCharts charts = new PlanCharts(plan);
    SiteMap map = new SiteMap(plan, places);
    UnitCostChart costs = new UnitCostChart(plan);
    List<LostSites.Loss> losses = LostSites.of(plan);
    Map<String, Chart> all = new LinkedHashMap<>();
    all.put("demand", charts.demand());
    all.put("capacity", charts.capacity());
    all.put("building", new Chart(charts.building(), PlanTables.halls(plan)));
    all.put("money", charts.money(context));
    all.put("chips", charts.chips());
    all.put("tornado", new Chart(TornadoChart.svg(plan, tornado), TornadoChart.table(tornado)));
    all.put("unit-costs", new Chart(costs.svg(), costs.table()));
    all.put("site-loss", new Chart(LossChart.svg(plan, losses), LossChart.table(plan, losses)));
    all.put("map", new Chart(map.svg(), map.table()));
    return all;
  }

  private double revenue(int quarter, Scenario scenario) {
    double sum = 0;
    for (var work : inputs.classes()) {
      for (LoadBlock block : inputs.blocks()) {
        for (String region : inputs.regions()) {
          double units = inputs.demand().at(work.name(), region, block.name(), quarter, scenario);
          sum += units * block.hours() * 3600 / 1e6 * work.price().at(quarter) / 1e6;
        }
      }
    }
    return sum;
  }

  /**
   * Demand in money, by the least, the expected and the most of all scenarios; and what is served.
   */
  private Chart demand() {
    double[] low = new double[length];
    double[] mean = new double[length];
    double[] high = new double[length];
    Arrays.fill(low, Double.MAX_VALUE);
    for (Scenario scenario : inputs.scenarios()) {
      for (int t = 0; t < length; t++) {
        double revenue = revenue(t, scenario);
        low[t] = Math.min(low[t], revenue);
        high[t] = Math.max(high[t], revenue);
        mean[t] += scenario.probability() * revenue;
      }
    }
    Svg chart =
        new Svg("Demand at its prices", unit() + " a quarter", quarters, 0, Svg.round(most(high)));
    if (inputs.scenarios().size() > 1) {
      chart.band("least to most", low, high);
    }
    chart.line("asked for", mean, false);
    double[] served = line(Statement.Quarter::revenue);
    chart.line("served", served, true);
    Table table =
        table(
            List.of(
                "quarter", "least_millions", "asked_millions", "most_millions", "served_millions"),
            t -> List.of(quarters.get(t), low[t], mean[t], high[t], served[t]));
    return new Chart(chart.end(), table);
  }

  /** Work served in the peak block by site or contract, in the money that it brings an hour. */
  private Chart capacity() {
    String peak =
        inputs.blocks().stream()
            .filter(LoadBlock::peak)
            .findFirst()
            .orElse(inputs.blocks().getFirst())
            .name();
    Map<String, double[]> byPlace = new TreeMap<>();
    for (Decisions.Work one : plan.decisions().work()) {
      if (one.block().equals(peak) && sums.holds(one.scenario(), one.quarter())) {
        byPlace.computeIfAbsent(one.place(), _ -> new double[length])[one.quarter()] +=
            hourly(one.workClass(), one.unitsPerSecond(), one.quarter());
      }
    }
    double[] asked = new double[length];
    for (var work : inputs.classes()) {
      for (int t = 0; t < length; t++) {
        asked[t] += hourly(work.name(), sums.demand(work.name(), peak, t), t);
      }
    }
    double[] total = total(byPlace.values());
    Svg chart =
        new Svg(
            "Work served in the block '%s', by place".formatted(peak),
            unit() + " of revenue an hour",
            quarters,
            0,
            Svg.round(Math.max(most(total), most(asked))));
    stack(chart, byPlace);
    chart.line("asked for", asked, true);
    List<List<Object>> rows = new ArrayList<>();
    byPlace.forEach((place, hourly) -> {
      for (int t = 0; t < length; t++) {
        rows.add(List.of(quarters.get(t), place, hourly[t]));
      }
    });
    for (int t = 0; t < length; t++) {
      rows.add(List.of(quarters.get(t), "asked for", asked[t]));
    }
    return new Chart(chart.end(), new Table(List.of("quarter", "place", "millions_an_hour"), rows));
  }

  private double hourly(String work, double unitsPerSecond, int quarter) {
    return unitsPerSecond * 3600 / 1e6 * inputs.workClass(work).price().at(quarter) / 1e6;
  }

  /** Phases from their start until they open, and from then on. */
  private String building() {
    List<Built> built = sums.built();
    Svg chart = new Svg("Halls: built, then open", built.size() + " phases", quarters, 0, 1);
    for (int row = 0; row < built.size(); row++) {
      Built one = built.get(row);
      String name = one.site().name() + ", " + one.phase().name();
      chart.span(row, built.size(), one.start(), one.opens(), name, 1);
      chart.span(row, built.size(), one.opens(), length, "", 0);
    }
    return chart.end();
  }

  /** What is paid for servers and halls, cash, and what others spend in a quarter. */
  private Chart money(List<ContextLine> context) {
    double[] servers = line(Statement.Quarter::servers);
    double[] halls = line(Statement.Quarter::halls);
    double[] both = new double[length];
    Arrays.setAll(both, t -> servers[t] + halls[t]);
    double[] flow = line(Statement.Quarter::netFlow);
    double most = Math.max(most(both), most(flow));
    for (ContextLine one : context) {
      most = Math.max(most, one.amount() / QUARTERS_PER_YEAR);
    }
    double least = Math.min(0, Arrays.stream(flow).min().orElse(0));
    Svg chart =
        new Svg(
            "Capital spending and net flow",
            unit() + " a quarter",
            quarters,
            least < 0 ? -Svg.round(-least) : 0,
            Svg.round(most));
    chart.bars("servers", new double[length], servers);
    chart.bars("halls", servers, both);
    chart.line("net flow", flow, false);
    for (ContextLine one : context) {
      double[] level = new double[length];
      Arrays.fill(level, one.amount() / QUARTERS_PER_YEAR);
      chart.line("%s, %d / 4".formatted(one.name(), one.year()), level, true);
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int t = 0; t < length; t++) {
      rows.add(List.of(quarters.get(t), "servers", servers[t]));
      rows.add(List.of(quarters.get(t), "halls", halls[t]));
      rows.add(List.of(quarters.get(t), "net flow", flow[t]));
      for (ContextLine one : context) {
        String other = "%s, %d / 4".formatted(one.name(), one.year());
        rows.add(List.of(quarters.get(t), other, one.amount() / QUARTERS_PER_YEAR));
      }
    }
    return new Chart(chart.end(), new Table(List.of("quarter", "what", "millions"), rows));
  }

  /** Megawatts of servers by vendor and chip. */
  private Chart chips() {
    Map<String, double[]> byChip = new TreeMap<>();
    List<List<Object>> rows = new ArrayList<>();
    double[] all = new double[length];
    sums.stock()
        .forEach((place, servers) -> {
          Chip chip = inputs.chip(place.chip());
          double[] power =
              byChip.computeIfAbsent(
                  "%s: %s".formatted(chip.vendor(), chip.name()), _ -> new double[length]);
          for (int t = 0; t < length; t++) {
            power[t] += servers[t] * chip.kilowatts() / 1000;
            all[t] += servers[t] * chip.kilowatts() / 1000;
          }
        });
    Svg chart =
        new Svg(
            "Servers by vendor and chip",
            "MW, cooling not counted",
            quarters,
            0,
            Svg.round(most(total(byChip.values()))));
    stack(chart, byChip);
    byChip.forEach((name, power) -> {
      int colon = name.indexOf(": ");
      for (int t = 0; t < length; t++) {
        rows.add(
            List.of(
                quarters.get(t),
                name.substring(0, colon),
                name.substring(colon + 2),
                power[t],
                all[t] > 0 ? power[t] / all[t] : 0.0));
      }
    });
    return new Chart(
        chart.end(), new Table(List.of("quarter", "vendor", "chip", "mw", "share"), rows));
  }

  private Table table(List<String> columns, IntFunction<List<Object>> row) {
    return new Table(columns, IntStream.range(0, length).mapToObj(row).toList());
  }

  private void stack(Svg chart, Map<String, double[]> series) {
    double[] from = new double[length];
    series.forEach((label, amounts) -> {
      double[] to = new double[length];
      Arrays.setAll(to, t -> from[t] + amounts[t]);
      chart.bars(label, from, to);
      System.arraycopy(to, 0, from, 0, length);
    });
  }

  private double[] total(Iterable<double[]> all) {
    double[] total = new double[length];
    for (double[] one : all) {
      Arrays.setAll(total, t -> total[t] + one[t]);
    }
    return total;
  }

  private double[] line(ToDoubleFunction<Statement.Quarter> of) {
    return plan.statements().getFirst().quarters().stream().mapToDouble(of).toArray();
  }

  private static double most(double[] values) {
    return Arrays.stream(values).max().orElse(1);
  }

  private String unit() {
    return "million " + inputs.finance().currency();
  }

  /** Names of all charts. */
  public static List<String> names() {
    return List.of(
        "demand",
        "capacity",
        "building",
        "money",
        "chips",
        "tornado",
        "unit-costs",
        "site-loss",
        "map");
  }
}

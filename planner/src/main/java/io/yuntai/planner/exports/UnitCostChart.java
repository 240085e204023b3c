package io.yuntai.planner.exports;

import static io.yuntai.planner.exports.Drawing.amount;

import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.plan.UnitCost;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * What a million units of each class cost in each quarter, a panel for each class. Full cost is the
 * quarter's running cost with depreciation and the cost of the capital that is bound, by the
 * discount rate; cash is running cost alone. Both are split by hours of servers; what an API takes
 * is its class's own. What the last unit cost is known over all quarters only.
 */
final class UnitCostChart {
  private static final int WIDTH = 900;
  private static final int TOP = 78;
  private static final int PANEL = 190;
  private static final int PLOT = 112;
  private static final int COLUMNS = 3;

  private final Plan plan;
  private final PlanInputs inputs;

  /** In the plan's currency for a million units; NaN where nothing is served. */
  private record Costs(
      Scenario scenario, WorkClass work, double[] units, double[] full, double[] cash) {}

  UnitCostChart(Plan plan) {
    this.plan = plan;
    this.inputs = plan.inputs();
  }

  Table table() {
    List<List<Object>> rows = new ArrayList<>();
    for (int s = 0; s < inputs.scenarios().size(); s++) {
      for (Costs one : costs(s)) {
        for (int t = 0; t < one.units.length; t++) {
          if (one.units[t] > 0) {
            rows.add(
                List.of(
                    one.scenario.name(),
                    inputs.horizon().label(t),
                    one.work.name(),
                    one.units[t],
                    one.full[t],
                    one.cash[t]));
          }
        }
      }
    }
    return new Table(
        List.of("scenario", "quarter", "class", "million_units", "full", "cash"), rows);
  }

  private List<Costs> costs(int s) {
    Scenario scenario = inputs.scenarios().get(s);
    Statement statement = plan.statements().get(s);
    PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
    int length = sums.length();
    int classes = inputs.classes().size();
    double[][] hours = new double[classes][length];
    double[][] api = new double[classes][length];
    double[] allHours = new double[length];
    double[] allApi = new double[length];
    for (Decisions.Busy one : plan.decisions().busy()) {
      if (sums.holds(one.scenario(), one.quarter())) {
        double busy = one.servers() * hours(one.block());
        hours[place(one.workClass())][one.quarter()] += busy;
        allHours[one.quarter()] += busy;
      }
    }
    sums.served()
        .forEach((way, millions) -> {
          for (Contract contract : inputs.contracts()) {
            if (contract.name().equals(way.place()) && contract.kind() == Contract.Kind.API) {
              double price = contract.unitsPerSecond().getOrDefault(way.workClass(), 0.0);
              for (int t = 0; t < length; t++) {
                double paid = millions[t] * price * contract.price().at(t) / 1e6;
                api[place(way.workClass())][t] += paid;
                allApi[t] += paid;
              }
            }
          }
        });
    List<Costs> all = new ArrayList<>();
    for (int w = 0; w < classes; w++) {
      double[] units = sums.servedOf(inputs.classes().get(w).name());
      double[] full = new double[length];
      double[] cash = new double[length];
      for (int t = 0; t < length; t++) {
        Statement.Quarter one = statement.quarters().get(t);
        double share = allHours[t] == 0 ? 0 : hours[w][t] / allHours[t];
        double running = (one.costs() - one.penalties() - allApi[t]) * share + api[w][t];
        double bound = one.serverAssets() + one.hallAssets() + one.inConstruction();
        double capital =
            one.serverDepreciation()
                + one.hallDepreciation()
                + bound * inputs.finance().discountPerYear() / 4;
        cash[t] = units[t] > 0 ? 1e6 * running / units[t] : Double.NaN;
        full[t] = units[t] > 0 ? 1e6 * (running + capital * share) / units[t] : Double.NaN;
      }
      all.add(new Costs(scenario, inputs.classes().get(w), units, full, cash));
    }
    return all;
  }

  private int place(String workClass) {
    return inputs.classes().indexOf(inputs.workClass(workClass));
  }

  private double hours(String block) {
    return inputs.blocks().stream()
        .filter(one -> one.name().equals(block))
        .mapToDouble(LoadBlock::hours)
        .sum();
  }

  String svg() {
    List<Costs> panels =
        costs(0).stream().filter(one -> Arrays.stream(one.units).sum() > 0).toList();
    int columns = Math.clamp(panels.size(), 1, COLUMNS);
    int rows = Math.max(1, (panels.size() + columns - 1) / columns);
    Drawing drawing =
        new Drawing(
            "What a million units cost",
            "%s a million units; full with depreciation and capital, cash without; the last unit over all quarters"
                .formatted(inputs.finance().currency()),
            WIDTH,
            TOP + PANEL * rows + 10,
            24);
    String[] legend = {"full", "cash", "last unit, all quarters"};
    for (int i = 0; i < legend.length; i++) {
      double x = 24 + 120.0 * i;
      drawing.path(new double[] {x, x + 24}, new double[] {58, 58}, i, i == 2);
      drawing.text(x + 30, 62, "start", "ink", legend[i]);
    }
    StringJoiner told = new StringJoiner(" ");
    double width = (double) WIDTH / columns;
    for (int i = 0; i < panels.size(); i++) {
      panel(drawing, panels.get(i), i % columns * width, TOP + PANEL * (i / columns), width, told);
    }
    return drawing.end(told.toString());
  }

  private void panel(
      Drawing drawing, Costs one, double left, double top, double width, StringJoiner told) {
    int length = one.full.length;
    double last =
        plan.unitCosts().stream()
            .filter(cost -> cost.workClass().equals(one.work.name()))
            .mapToDouble(UnitCost::marginal)
            .findFirst()
            .orElse(Double.NaN);
    double most = Double.isFinite(last) ? last : 0;
    for (int t = 0; t < length; t++) {
      most = Math.max(most, Double.isFinite(one.full[t]) ? one.full[t] : 0);
    }
    double high = Svg.round(most);
    double from = left + 66;
    double wide = width - 66 - 20;
    double base = top + 26 + PLOT;
    drawing.text(from, top + 16, "start", "ink\" font-weight=\"600", one.work.name());
    for (int i = 0; i <= 2; i++) {
      double y = base - PLOT * i / 2.0;
      drawing.rule(from, y, from + wide, y, "grid");
      drawing.text(from - 6, y + 4, "end", "soft", amount(high * i / 2));
    }
    drawing.text(from, base + 18, "start", "soft", inputs.horizon().label(0));
    drawing.text(from + wide, base + 18, "end", "soft", inputs.horizon().label(length - 1));
    double[] x = new double[length];
    Arrays.setAll(x, t -> from + wide * (t + 0.5) / length);
    double[] flat = new double[length];
    Arrays.fill(flat, last);
    double[][] lines = {one.full, one.cash, flat};
    for (int i = 0; i < lines.length; i++) {
      double[] y = Arrays.stream(lines[i]).map(v -> base - PLOT * v / high).toArray();
      drawing.path(x, y, i, i == 2);
    }
    int end = length - 1;
    while (end > 0 && !Double.isFinite(one.full[end])) {
      end--;
    }
    int begin = 0;
    while (begin < end && !Double.isFinite(one.full[begin])) {
      begin++;
    }
    told.add(
        "%s: full cost %s in %s and %s in %s; cash %s and %s; the last unit %s."
            .formatted(
                one.work.name(),
                amount(one.full[begin]),
                inputs.horizon().label(begin),
                amount(one.full[end]),
                inputs.horizon().label(end),
                amount(one.cash[begin]),
                amount(one.cash[end]),
                Double.isFinite(last) ? amount(last) : "unknown"));
  }
}

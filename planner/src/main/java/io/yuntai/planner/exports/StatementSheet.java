package io.yuntai.planner.exports;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Finance.Terminal;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One scenario: what was decided on a sheet of its own, and its statements as formulas. */
final class StatementSheet {
  private final AssumptionSheet given;
  private final PlanInputs inputs;
  private final PlanSums sums;
  private final Scenario scenario;
  private final int length;
  private final Grid drivers;
  private final Grid lines;
  private final int netPresentValue;

  StatementSheet(
      Workbook book,
      AssumptionSheet given,
      PlanInputs inputs,
      PlanSums sums,
      Scenario scenario,
      int number) {
    this.given = given;
    this.inputs = inputs;
    this.sums = sums;
    this.scenario = scenario;
    this.length = sums.length();
    this.lines = new Grid(book.sheet("Statements " + number), length, inputs.horizon()::label);
    this.drivers = new Grid(book.sheet("Decisions " + number), length, inputs.horizon()::label);
    this.netPresentValue = write();
  }

  /** The cell of the value, for other sheets. */
  String netPresentValue() {
    return lines.one(netPresentValue);
  }

  private int write() {
    String unit = "million " + inputs.finance().currency();
    int factor = drivers.inputs("prices of servers by plan", "factor", scenario.priceFactor()::at);
    int energyFactor =
        drivers.inputs("prices of power by plan", "factor", scenario.energyFactor()::at);
    int revenue = works("revenue", "price ", "served ", sums::servedOf, unit);
    int penalties = works("penalties", "penalty ", "not served ", sums::unserved, unit);
    sum("energy", unit, energy(energyFactor));
    sum("staff", unit, halls("staff ", "staff of "));
    sum("upkeep of halls", unit, halls("hall ", "upkeep of "));
    int serverUpkeep = sum("upkeep of servers", unit, serverUpkeep(factor));
    int network = sum("network", unit, network());
    int rent = sum("rent", unit, rent());
    int credit = drivers.numbers("credit drawn at the end", unit, t -> sums.credit()[t]);
    int interest =
        lines.formulas(
            "interest", unit, t -> drivers.at(credit, t) + "*" + given.one("interest") + "/4");
    ServerCosts servers = new ServerCosts(drivers, given, inputs, sums, factor);
    HallCosts halls = new HallCosts(drivers, given, sums);
    int serverDepreciation = sum("depreciation of servers", unit, servers.depreciation());
    int hallDepreciation = sum("depreciation of halls", unit, halls.depreciation());
    int profit =
        lines.formulas(
            "profit before tax",
            unit,
            t ->
                "%s-SUM(%s)-%s-%s-%s-%s-%s"
                    .formatted(
                        local(revenue, t),
                        local(penalties, t) + ":" + local(serverUpkeep, t),
                        local(network, t),
                        local(rent, t),
                        local(interest, t),
                        local(serverDepreciation, t),
                        local(hallDepreciation, t)));
    int tax = lines.formulas("tax", unit, t -> local(profit, t) + "*" + given.one("tax"));
    int serversPaid = sum("paid for servers", unit, servers.paid());
    int hallsPaid = sum("paid for halls", unit, halls.paid());
    int flow =
        lines.formulas(
            "net flow",
            unit,
            t ->
                "%s+%s+%s-%s-%s-%s"
                    .formatted(
                        local(profit, t),
                        local(serverDepreciation, t),
                        local(hallDepreciation, t),
                        local(tax, t),
                        local(serversPaid, t),
                        local(hallsPaid, t)));
    lines.formulas(
        "cash at the end",
        unit,
        t ->
            (t == 0
                    ? given.one("cash") + "+"
                    : local(flow + 1, t - 1) + "-" + drivers.at(credit, t - 1) + "+")
                + local(flow, t)
                + "+"
                + drivers.at(credit, t));
    int discount =
        lines.formulas(
            "worth of money",
            "factor",
            t -> "(1+%s)^(-%s/4)".formatted(given.one("discount"), t + 0.5));
    String left =
        inputs.finance().terminal() == Terminal.NONE
            ? "0"
            : "SUM(%s)+SUM(%s)".formatted(servers.left(), halls.left());
    int terminal = lines.formulas("worth of what is left", unit, t -> t == 0 ? left : "0");
    return lines.formulas(
        "net present value",
        unit,
        t ->
            t == 0
                ? "SUMPRODUCT(%s,%s)+%s*(1+%s)^(-%d/4)"
                    .formatted(
                        lines.along(flow, 0, length - 1),
                        lines.along(discount, 0, length - 1),
                        local(terminal, 0),
                        given.one("discount"),
                        length)
                : "0");
  }

  private static String local(int row, int quarter) {
    return Sheet.local(row, Grid.FIRST + quarter);
  }

  /** A line that is the sum of rows of decisions, or nothing where there are none. */
  private int sum(String name, String unit, List<Integer> rows) {
    return lines.formulas(
        name,
        unit,
        t ->
            rows.isEmpty()
                ? "0"
                : "SUM(%s)".formatted(drivers.down(rows.getFirst(), rows.getLast(), t)));
  }

  private int works(
      String line,
      String price,
      String name,
      java.util.function.Function<String, double[]> amounts,
      String unit) {
    drivers.title("Work, " + line);
    List<WorkClass> classes = inputs.classes();
    int first = drivers.next();
    for (WorkClass work : classes) {
      double[] of = amounts.apply(work.name());
      drivers.numbers(name + work.name(), "million units", t -> of[t]);
    }
    int last = drivers.next() - 1;
    return lines.formulas(
        line,
        unit,
        t ->
            "SUMPRODUCT(%s,%s)/1000000"
                .formatted(
                    drivers.down(first, last, t),
                    given.down(
                        price + classes.getFirst().name(), price + classes.getLast().name(), t)));
  }

  /** Busy hours and servers by chip and site, then what their power costs, on rows on end. */
  private List<Integer> energy(int factor) {
    drivers.title("Servers");
    Map<PlanSums.Place, double[]> stock = sums.stock();
    Map<PlanSums.Place, double[]> busy = sums.busyHours();
    Map<PlanSums.Place, Integer> stockRows = new TreeMap<>();
    Map<PlanSums.Place, Integer> busyRows = new TreeMap<>();
    stock.forEach((place, servers) -> {
      String at = place.chip() + " in " + place.site();
      stockRows.put(place, drivers.numbers(at, "servers", t -> servers[t]));
      double[] hours = busy.getOrDefault(place, new double[length]);
      busyRows.put(place, drivers.numbers("busy " + at, "server-hours", t -> hours[t]));
    });
    drivers.title("Power, millions");
    List<Integer> rows = new ArrayList<>();
    stockRows.forEach((place, stockRow) -> {
      String chip = " " + place.chip();
      rows.add(
          drivers.formulas(
              place.chip() + " in " + place.site(),
              "cost",
              t ->
                  "(%s*(1-%s)+%s*%s*%s)*%s*%s/1000*%s*%s/1000000"
                      .formatted(
                          drivers.at(busyRows.getOrDefault(place, 0), t),
                          given.one("idle" + chip),
                          drivers.at(stockRow, t),
                          Double.toString(sums.allHours()),
                          given.one("idle" + chip),
                          given.one("power" + chip),
                          given.one("pue " + place.site()),
                          given.at("energy " + place.chip() + " " + place.site(), t),
                          drivers.at(factor, t))));
    });
    return rows;
  }

  private List<Integer> halls(String key, String name) {
    drivers.title(name + "halls, millions");
    List<Integer> rows = new ArrayList<>();
    for (Site site : inputs.sites()) {
      double[] open = sums.openMegawatts(site);
      rows.add(
          drivers.formulas(
              name + site.name(),
              "cost",
              t -> "%s*%s/4".formatted(Double.toString(open[t]), given.one(key + site.name()))));
    }
    return rows;
  }

  private List<Integer> serverUpkeep(int factor) {
    drivers.title("Upkeep of servers, millions");
    List<Integer> rows = new ArrayList<>();
    Map<PlanSums.Place, double[]> stock = sums.stock();
    for (Chip chip : inputs.chips()) {
      double[] all = new double[length];
      stock.forEach((place, servers) -> {
        for (int t = 0; place.chip().equals(chip.name()) && t < length; t++) {
          all[t] += servers[t];
        }
      });
      String name = " " + chip.name();
      rows.add(
          drivers.formulas(
              "upkeep of" + name,
              "cost",
              t ->
                  "%s*%s*%s*%s/4"
                      .formatted(
                          Double.toString(all[t]),
                          given.at("server" + name, t),
                          drivers.at(factor, t),
                          given.one("upkeep" + name))));
    }
    return rows;
  }

  private List<Integer> network() {
    drivers.title("Ways, millions");
    List<Integer> rows = new ArrayList<>();
    Map<String, double[]> byWay = new TreeMap<>();
    sums.served()
        .forEach((way, amounts) -> {
          boolean own = inputs.sites().stream().anyMatch(site -> site.name().equals(way.place()));
          double[] of =
              byWay.computeIfAbsent(way.region() + " " + way.place(), _ -> new double[length]);
          for (int t = 0; own && t < length; t++) {
            of[t] += amounts[t];
          }
        });
    for (Site site : inputs.sites()) {
      site.links()
          .forEach(link -> {
            String way = link.region() + " " + site.name();
            double[] amounts = byWay.get(way);
            if (amounts != null) {
              rows.add(
                  drivers.formulas(
                      "from " + link.region() + " to " + site.name(),
                      "cost",
                      t ->
                          "%s*%s/1000000"
                              .formatted(Double.toString(amounts[t]), given.one("link " + way))));
            }
          });
    }
    return rows;
  }

  private List<Integer> rent() {
    drivers.title("Rent, millions");
    List<Integer> rows = new ArrayList<>();
    for (Contract contract : inputs.contracts()) {
      String name = contract.name();
      switch (contract.kind()) {
        case ON_DEMAND -> {
          double[] hours = sums.hourly().getOrDefault(name, new double[length]);
          rows.add(
              drivers.formulas(
                  name,
                  "cost",
                  t ->
                      "%s*%s/1000000"
                          .formatted(Double.toString(hours[t]), given.at("contract " + name, t))));
        }
        case RESERVED -> rows.add(reserved(contract));
        case API -> rows.add(api(contract));
      }
    }
    return rows;
  }

  private int reserved(Contract contract) {
    String name = contract.name();
    double[] begun = sums.commitments().getOrDefault(name, new double[length]);
    return drivers.formulas(
        name,
        "cost",
        t -> {
          StringBuilder formula =
              new StringBuilder(
                  "%s*%s".formatted(Double.toString(begun[t]), given.one("upfront " + name)));
          for (int from = Math.max(0, t - contract.termQuarters() + 1); from <= t; from++) {
            formula.append(
                "+%s*%s*%s/1000000"
                    .formatted(
                        Double.toString(begun[from]),
                        given.at("contract " + name, from),
                        Double.toString(sums.allHours())));
          }
          return formula.toString();
        });
  }

  private int api(Contract contract) {
    String name = contract.name();
    Map<String, double[]> byClass = new TreeMap<>();
    sums.served()
        .forEach((way, amounts) -> {
          double[] of = byClass.computeIfAbsent(way.workClass(), _ -> new double[length]);
          for (int t = 0; way.place().equals(name) && t < length; t++) {
            of[t] += amounts[t];
          }
        });
    byClass.keySet().retainAll(contract.unitsPerSecond().keySet());
    return drivers.formulas(
        name,
        "cost",
        t -> {
          StringBuilder formula = new StringBuilder("(0");
          byClass.forEach((work, amounts) ->
              formula.append(
                  "+%s*%s"
                      .formatted(
                          Double.toString(amounts[t]), given.one("api " + work + " " + name))));
          return formula
              .append(")*")
              .append(given.at("contract " + name, t))
              .append("/1000000")
              .toString();
        });
  }

  /** Servers that stood there at first and are not written off yet, by chip. */
  static List<Installed> installed(PlanInputs inputs) {
    return inputs.sites().stream().flatMap(site -> site.installed().stream()).toList();
  }
}

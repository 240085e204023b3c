package io.yuntai.planner.exports;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Finance.Terminal;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.PlanInputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What servers are paid for, written off and worth in the end, as formulas. */
final class ServerCosts {
  private final Grid drivers;
  private final AssumptionSheet given;
  private final PlanInputs inputs;
  private final PlanSums sums;
  private final int factor;
  private final int length;
  private final Map<String, Integer> amounts = new TreeMap<>();
  private final List<Integer> paid = new ArrayList<>();
  private final List<Integer> depreciation = new ArrayList<>();
  private final int left;

  ServerCosts(Grid drivers, AssumptionSheet given, PlanInputs inputs, PlanSums sums, int factor) {
    this.drivers = drivers;
    this.given = given;
    this.inputs = inputs;
    this.sums = sums;
    this.factor = factor;
    this.length = sums.length();
    drivers.title("Orders of servers, millions");
    inputs.chips().forEach(this::amount);
    drivers.title("Paid for servers, millions");
    inputs.chips().forEach(this::pay);
    drivers.title("Depreciation of servers, millions");
    inputs.chips().forEach(this::writeOff);
    for (Installed one : StatementSheet.installed(inputs)) {
      int quarters = inputs.chip(one.chip()).bookQuarters() - one.ageQuarters();
      depreciation.add(
          drivers.numbers(
              "those of " + one.chip() + " that stood there",
              "cost",
              t -> t < quarters ? one.bookValue() / quarters : 0));
    }
    drivers.title("Servers that are left in the end, millions");
    this.left = keep();
  }

  private double[] orders(String chip) {
    double[] all = new double[length];
    sums.orders()
        .forEach((place, ordered) -> {
          for (int t = 0; place.chip().equals(chip) && t < length; t++) {
            all[t] += ordered[t];
          }
        });
    return all;
  }

  private void amount(Chip chip) {
    double[] ordered = orders(chip.name());
    int servers = drivers.numbers("orders of " + chip.name(), "servers", t -> ordered[t]);
    amounts.put(
        chip.name(),
        drivers.formulas(
            "price of these",
            "price",
            t ->
                "%s*%s*%s"
                    .formatted(
                        drivers.at(servers, t),
                        given.at("server " + chip.name(), t),
                        drivers.at(factor, t))));
  }

  private int amountRow(Chip chip) {
    return amounts.getOrDefault(chip.name(), 0);
  }

  private void pay(Chip chip) {
    String first = given.one("first " + chip.name());
    int lead = chip.leadQuarters();
    paid.add(
        drivers.formulas(
            chip.name(),
            "paid",
            t ->
                "%s*%s%s"
                    .formatted(
                        drivers.at(amountRow(chip), t),
                        first,
                        t < lead
                            ? ""
                            : "+%s*(1-%s)"
                                .formatted(drivers.at(amountRow(chip), t - lead), first))));
  }

  private void writeOff(Chip chip) {
    int lead = chip.leadQuarters();
    depreciation.add(
        drivers.formulas(
            chip.name(),
            "cost",
            t -> {
              int to = t - lead;
              int from = Math.max(0, to - chip.bookQuarters() + 1);
              return to < 0
                  ? "0"
                  : "SUM(%s)/%s"
                      .formatted(
                          drivers.along(amountRow(chip), from, to),
                          given.one("book " + chip.name()));
            }));
  }

  private record Lot(int ordered, double servers, double worth) {}

  /** The dearest servers of each place are the ones that are left. Gives the row of all. */
  private int keep() {
    Map<PlanSums.Place, double[]> stock = sums.stock();
    Map<String, double[]> kept = new TreeMap<>();
    sums.orders()
        .forEach((place, ordered) -> {
          Chip chip = inputs.chip(place.chip());
          List<Lot> lots = new ArrayList<>();
          for (int t = 0; t + chip.leadQuarters() < length; t++) {
            if (ordered[t] > 0) {
              lots.add(new Lot(t, ordered[t], chip.price().at(t) * share(chip, t)));
            }
          }
          lots.sort(Comparator.comparingDouble(Lot::worth).reversed());
          double room = stock.getOrDefault(place, new double[length])[length - 1];
          for (Lot lot : lots) {
            double servers = Math.max(0, Math.min(lot.servers, room));
            room -= servers;
            kept.computeIfAbsent(chip.name(), _ -> new double[length])[lot.ordered] += servers;
          }
        });
    int first = drivers.next();
    for (Chip chip : inputs.chips()) {
      double[] servers = kept.getOrDefault(chip.name(), new double[length]);
      drivers.formulas(
          chip.name() + " by quarter of order", "worth", t -> worth(chip, t, servers[t]));
    }
    int last = drivers.next() - 1;
    return drivers.formulas(
        "servers left", "worth", t -> "SUM(%s)".formatted(drivers.down(first, last, t)));
  }

  /** What of its price a server that was ordered in a quarter is worth in the end, before tax. */
  private double share(Chip chip, int ordered) {
    int age = length - ordered - chip.leadQuarters();
    if (age >= chip.lifeQuarters()) {
      return 0;
    }
    return inputs.finance().terminal() == Terminal.BOOK
        ? Math.max(0, 1 - (double) age / chip.bookQuarters())
        : Math.pow(1 - chip.resaleLossPerYear(), age / 4.0);
  }

  private String worth(Chip chip, int ordered, double servers) {
    int age = length - ordered - chip.leadQuarters();
    if (servers == 0 || age <= 0 || age >= chip.lifeQuarters()) {
      return "0";
    }
    String price =
        "%s*%s*%s"
            .formatted(
                Double.toString(servers),
                given.at("server " + chip.name(), ordered),
                drivers.at(factor, ordered));
    String book = "MAX(0,1-%d/%s)".formatted(age, given.one("book " + chip.name()));
    if (inputs.finance().terminal() == Terminal.BOOK) {
      return price + "*" + book;
    }
    String sold = "(1-%s)^(%d/4)".formatted(given.one("resale " + chip.name()), age);
    return "%s*(%s-(%s-%s)*%s)".formatted(price, sold, sold, book, given.one("tax"));
  }

  List<Integer> paid() {
    return paid;
  }

  List<Integer> depreciation() {
    return depreciation;
  }

  /** Cells that add up to what servers are worth in the end. */
  String left() {
    return drivers.along(left, 0, length - 1);
  }
}

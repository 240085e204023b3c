package io.yuntai.planner.exports;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Contract.Kind;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.HashMap;
import java.util.Map;

/** Prices and rates that people may change, and where each stands. */
final class AssumptionSheet {
  private final Grid grid;
  private final Map<String, Integer> rows = new HashMap<>();

  AssumptionSheet(Workbook book, PlanInputs inputs) {
    grid = new Grid(book.sheet("Assumptions"), inputs.horizon().length(), inputs.horizon()::label);
    Finance finance = inputs.finance();
    String millions = "million " + finance.currency();
    grid.title("Money");
    one("discount", "rate of discount", "a year", finance.discountPerYear());
    one("tax", "tax on profit", "share", finance.taxRate());
    one("interest", "interest on credit", "a year", finance.interestPerYear());
    one("cash", "cash at the beginning", millions, finance.openingCash());
    grid.title("Prices of work");
    for (WorkClass work : inputs.classes()) {
      row("price " + work.name(), perMillion(finance), work.price()::at);
    }
    for (WorkClass work : inputs.classes()) {
      row("penalty " + work.name(), perMillion(finance), work.penalty()::at);
    }
    grid.title("Servers");
    inputs.chips().forEach(chip -> chip(chip, millions));
    grid.title("Sites");
    for (Site site : inputs.sites()) {
      site(site, inputs, finance, millions);
    }
    grid.title("Contracts");
    inputs.contracts().forEach(contract -> contract(contract, finance, millions));
  }

  private static String perMillion(Finance finance) {
    return finance.currency() + " a million units";
  }

  private void chip(Chip chip, String millions) {
    String name = " " + chip.name();
    row("server" + name, millions, chip.price()::at);
    one("first" + name, "paid at the order of" + name, "share", chip.paidAtOrder());
    one("upkeep" + name, "upkeep of" + name, "a year", chip.upkeepPerYear());
    one("power" + name, "power of" + name, "kW a server", chip.kilowatts());
    one("idle" + name, "share drawn by idle" + name, "share", chip.idleShare());
    one("book" + name, "written off in", "quarters", chip.bookQuarters());
    one("resale" + name, "loss of value a year of" + name, "share", chip.resaleLossPerYear());
  }

  private void site(Site site, PlanInputs inputs, Finance finance, String millions) {
    String name = " " + site.name();
    one("pue" + name, "power in all by that of servers in" + name, "", site.pue());
    one("staff" + name, "staff in" + name, millions + " a MW a year", site.staffPerMegawattYear());
    one("hall" + name, "upkeep of" + name, millions + " a MW a year", site.upkeepPerMegawattYear());
    for (Chip chip : inputs.chips()) {
      row(
          "energy " + chip.name() + name,
          finance.currency() + " a MWh",
          site.powerPrice(chip.name())::at);
    }
    for (Phase phase : site.phases()) {
      one(
          "phase " + phase.name() + name,
          "price of " + phase.name() + " of" + name,
          millions,
          phase.price());
    }
    for (Link link : site.links()) {
      one(
          "link " + link.region() + name,
          "way from " + link.region() + " to" + name,
          perMillion(finance),
          link.price());
    }
  }

  private void contract(Contract contract, Finance finance, String millions) {
    String name = " " + contract.name();
    String unit = contract.kind() == Kind.API ? "factor" : finance.currency() + " a server-hour";
    row("contract" + name, unit, contract.price()::at);
    one(
        "upfront" + name,
        "paid when a term of" + name + " begins",
        millions + " a server",
        contract.upfront());
    if (contract.kind() == Kind.API) {
      contract.unitsPerSecond().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(one ->
              one(
                  "api " + one.getKey() + name,
                  one.getKey() + " by" + name,
                  perMillion(finance),
                  one.getValue()));
    }
  }

  private void row(String key, String unit, java.util.function.IntToDoubleFunction values) {
    rows.put(key, grid.inputs(key, unit, values));
  }

  private void one(String key, String name, String unit, double value) {
    rows.put(key, grid.input(name, unit, value));
  }

  /** A number that holds in all quarters. */
  String one(String key) {
    return grid.one(rowOf(key));
  }

  /** A quarter's number. */
  String at(String key, int quarter) {
    return grid.at(rowOf(key), quarter);
  }

  /** A quarter's numbers of rows on end. */
  String down(String fromKey, String toKey, int quarter) {
    return grid.down(rowOf(fromKey), rowOf(toKey), quarter);
  }

  /** Some quarters' numbers. */
  String along(String key, int from, int to) {
    return grid.along(rowOf(key), from, to);
  }

  private int rowOf(String key) {
    Integer row = rows.get(key);
    if (row == null) {
      throw new IllegalArgumentException("no assumption is called " + key);
    }
    return row;
  }
}

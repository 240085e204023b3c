package io.yuntai.planner.exports;

import io.yuntai.planner.csv.CsvCell;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as tables of texts and numbers: the same for CSV, JSON and the terminal. */
public final class PlanTables {
  private PlanTables() {}

  /**
   * A table.
   *
   * @param columns names that don't change
   * @param rows texts and numbers, as many as columns
   */
  public record Table(List<String> columns, List<List<Object>> rows) {
    /** Copies. */
    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }

    /** Comma-separated values with a header (RFC 4180). */
    public String csv() {
      StringBuilder csv = new StringBuilder();
      line(csv, columns);
      rows.forEach(row -> line(csv, row));
      return csv.toString();
    }

    private static void line(StringBuilder csv, List<?> cells) {
      for (int i = 0; i < cells.size(); i++) {
        String text = String.valueOf(cells.get(i));
        csv.append(i == 0 ? "" : ",").append(CsvCell.of(guarded(text)));
      }
      csv.append("\r\n");
    }

    /** A name that begins like a formula must not become one in a spreadsheet. */
    private static String guarded(String text) {
      boolean number = text.matches("-?[0-9.]+(E-?[0-9]+)?");
      return !number && !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    /** A row as fields by column. */
    public List<Map<String, Object>> fields() {
      List<Map<String, Object>> all = new ArrayList<>();
      for (List<Object> row : rows) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          fields.put(columns.get(i), row.get(i));
        }
        all.add(fields);
      }
      return all;
    }
  }

  /** All tables by name. */
  public static Map<String, Table> of(Plan plan) {
    Map<String, Table> tables = new LinkedHashMap<>();
    tables.put("orders", orders(plan));
    tables.put("halls", halls(plan));
    tables.put("contracts", contracts(plan));
    tables.put("statements", statements(plan));
    tables.put("sites", sites(plan));
    tables.put("work", work(plan));
    tables.put("materials", BillOfMaterials.of(plan));
    tables.put("unit_costs", unitCosts(plan));
    return tables;
  }

  /** What is ordered when and where, and when it comes. */
  public static Table orders(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      sums.orders()
          .forEach((place, servers) -> {
            Chip chip = inputs.chip(place.chip());
            for (int t = 0; t < servers.length; t++) {
              if (servers[t] > 0) {
                double price = chip.price().at(t) * scenario.priceFactor().at(t);
                rows.add(
                    List.of(
                        scenario.name(),
                        inputs.horizon().label(t),
                        inputs.horizon().label(t + chip.leadQuarters()),
                        place.site(),
                        place.chip(),
                        servers[t],
                        servers[t] * price,
                        servers[t] * chip.kilowatts() / 1000));
              }
            }
          });
    }
    return new Table(
        List.of("scenario", "ordered", "arrives", "site", "chip", "servers", "millions", "mw"),
        rows);
  }

  /** Phases that are built. */
  public static Table halls(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      for (PlanSums.Built one : sums.built()) {
        rows.add(
            List.of(
                scenario.name(),
                inputs.horizon().label(one.start()),
                inputs.horizon().label(one.opens()),
                one.site().name(),
                one.phase().name(),
                one.phase().megawatts(),
                one.phase().price()));
      }
    }
    return new Table(
        List.of("scenario", "started", "opens", "site", "phase", "mw", "millions"), rows);
  }

  /** Terms that are begun, and servers by the hour at their mean. */
  public static Table contracts(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      sums.commitments()
          .forEach(
              (contract, servers) -> amounts(rows, plan, scenario, contract, "reserved", servers));
      sums.hourly()
          .forEach(
              (contract, hours) -> amounts(rows, plan, scenario, contract, "server-hours", hours));
    }
    return new Table(List.of("scenario", "quarter", "contract", "what", "amount"), rows);
  }

  private static void amounts(
      List<List<Object>> rows,
      Plan plan,
      Scenario scenario,
      String contract,
      String what,
      double[] amounts) {
    for (int t = 0; t < amounts.length; t++) {
      if (amounts[t] > 0) {
        rows.add(
            List.of(scenario.name(), plan.inputs().horizon().label(t), contract, what, amounts[t]));
      }
    }
  }

  /** Profit, cash and balance by quarter. */
  public static Table statements(Plan plan) {
    List<List<Object>> rows = new ArrayList<>();
    for (Statement statement : plan.statements()) {
      for (Statement.Quarter one : statement.quarters()) {
        rows.add(
            List.of(
                statement.scenario(),
                one.label(),
                one.revenue(),
                one.energy(),
                one.staff(),
                one.hallUpkeep(),
                one.serverUpkeep(),
                one.network(),
                one.rent(),
                one.penalties(),
                one.interest(),
                one.serverDepreciation(),
                one.hallDepreciation(),
                one.profit(),
                one.tax(),
                one.servers(),
                one.halls(),
                one.netFlow(),
                one.cash(),
                one.credit(),
                one.serverAssets(),
                one.hallAssets(),
                one.inConstruction(),
                one.payables(),
                one.equity()));
      }
    }
    return new Table(
        List.of(
            "scenario",
            "quarter",
            "revenue",
            "energy",
            "staff",
            "hall_upkeep",
            "server_upkeep",
            "network",
            "rent",
            "penalties",
            "interest",
            "server_depreciation",
            "hall_depreciation",
            "profit",
            "tax",
            "servers",
            "halls",
            "net_flow",
            "cash",
            "credit",
            "server_assets",
            "hall_assets",
            "in_construction",
            "payables",
            "equity"),
        rows);
  }

  /** Millions of units by class, region and place; not served where the place is empty. */
  public static Table work(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      sums.served()
          .forEach((way, amounts) -> {
            for (int t = 0; t < amounts.length; t++) {
              if (amounts[t] > 0) {
                rows.add(
                    List.of(
                        scenario.name(),
                        inputs.horizon().label(t),
                        way.workClass(),
                        way.region(),
                        way.place(),
                        amounts[t]));
              }
            }
          });
      for (var work : inputs.classes()) {
        double[] lost = sums.unserved(work.name());
        for (int t = 0; t < lost.length; t++) {
          if (lost[t] > 0) {
            rows.add(
                List.of(scenario.name(), inputs.horizon().label(t), work.name(), "", "", lost[t]));
          }
        }
      }
    }
    return new Table(
        List.of("scenario", "quarter", "class", "region", "place", "million_units"), rows);
  }

  /** What a million units cost, in three meanings. */
  public static Table unitCosts(Plan plan) {
    List<List<Object>> rows = new ArrayList<>();
    plan.unitCosts()
        .forEach(one -> rows.add(List.of(one.workClass(), one.full(), one.marginal(), one.cash())));
    return new Table(List.of("class", "full", "marginal", "cash"), rows);
  }

  /** Open and used megawatts of sites. */
  public static Table sites(Plan plan) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      Map<PlanSums.Place, double[]> stock = sums.stock();
      for (Site site : inputs.sites()) {
        double[] open = sums.openMegawatts(site);
        for (int t = 0; t < open.length; t++) {
          double used = 0;
          for (Map.Entry<PlanSums.Place, double[]> one : stock.entrySet()) {
            if (one.getKey().site().equals(site.name())) {
              used += one.getValue()[t] * inputs.chip(one.getKey().chip()).kilowatts() / 1000;
            }
          }
          rows.add(
              List.of(
                  scenario.name(),
                  inputs.horizon().label(t),
                  site.name(),
                  open[t],
                  used,
                  used * site.pue()));
        }
      }
    }
    return new Table(List.of("scenario", "quarter", "site", "open_mw", "used_mw", "grid_mw"), rows);
  }
}

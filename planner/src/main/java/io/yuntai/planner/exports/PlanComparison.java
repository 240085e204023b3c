package io.yuntai.planner.exports;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.files.Assumption;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How two plans differ.
 *
 * @param money sums over all quarters of the first scenarios
 * @param decisions servers and megawatts by what and where, of those that differ
 * @param assumptions cells that differ
 */
public record PlanComparison(Table money, Table decisions, Table assumptions) {
  private static final List<String> COLUMNS = List.of("what", "first", "second", "difference");

  /**
   * Compares.
   *
   * @throws PlannerException when they reckon in different currencies
   */
  public static PlanComparison of(
      Plan first, List<Assumption> firstCells, Plan second, List<Assumption> secondCells) {
    String currency = first.inputs().finance().currency();
    if (!currency.equals(second.inputs().finance().currency())) {
      throw new PlannerException(
          "The plans reckon in %s and %s; write both in one currency to compare them."
              .formatted(currency, second.inputs().finance().currency()));
    }
    return new PlanComparison(
        money(first, second), decisions(first, second), assumptions(firstCells, secondCells));
  }

  private static Table money(Plan first, Plan second) {
    List<List<Object>> rows = new ArrayList<>();
    row(rows, "net present value", first.netPresentValue(), second.netPresentValue());
    Map<String, ToDoubleFunction<Statement.Quarter>> lines = new LinkedHashMap<>();
    lines.put("revenue", Statement.Quarter::revenue);
    lines.put("costs", Statement.Quarter::costs);
    lines.put("of these rent", Statement.Quarter::rent);
    lines.put("of these energy", Statement.Quarter::energy);
    lines.put("paid for servers", Statement.Quarter::servers);
    lines.put("paid for halls", Statement.Quarter::halls);
    lines.put("tax", Statement.Quarter::tax);
    lines.put("net flow", Statement.Quarter::netFlow);
    lines.forEach((name, line) -> row(rows, name, sum(first, line), sum(second, line)));
    return new Table(COLUMNS, rows);
  }

  private static double sum(Plan plan, ToDoubleFunction<Statement.Quarter> line) {
    return plan.statements().getFirst().quarters().stream().mapToDouble(line).sum();
  }

  private static Table decisions(Plan first, Plan second) {
    List<List<Object>> rows = new ArrayList<>();
    Map<String, Double> one = sums(first);
    Map<String, Double> other = sums(second);
    TreeMap<String, Double> all = new TreeMap<>(one);
    all.putAll(other);
    for (String name : all.keySet()) {
      double before = one.getOrDefault(name, 0.0);
      double after = other.getOrDefault(name, 0.0);
      if (Math.abs(before - after) > 1e-9 * Math.max(1, Math.abs(before))) {
        row(rows, name, before, after);
      }
    }
    return new Table(COLUMNS, rows);
  }

  private static Map<String, Double> sums(Plan plan) {
    PlanSums sums =
        new PlanSums(plan.inputs(), plan.decisions(), plan.inputs().scenarios().getFirst().name());
    Map<String, Double> all = new TreeMap<>();
    sums.orders()
        .forEach((place, servers) -> {
          String name = "servers of %s for %s".formatted(place.chip(), place.site());
          for (double count : servers) {
            all.merge(name, count, Double::sum);
          }
        });
    for (PlanSums.Built one : sums.built()) {
      all.merge("MW built in " + one.site().name(), one.phase().megawatts(), Double::sum);
    }
    sums.hourly()
        .forEach((contract, hours) -> {
          for (double count : hours) {
            all.merge("server-hours of " + contract, count, Double::sum);
          }
        });
    sums.commitments()
        .forEach((contract, servers) -> {
          for (double count : servers) {
            all.merge("servers reserved of " + contract, count, Double::sum);
          }
        });
    return all;
  }

  private static Table assumptions(List<Assumption> first, List<Assumption> second) {
    Map<String, String> one = cells(first);
    Map<String, String> other = cells(second);
    TreeMap<String, String> all = new TreeMap<>(one);
    all.putAll(other);
    List<List<Object>> rows = new ArrayList<>();
    for (String cell : all.keySet()) {
      String before = one.getOrDefault(cell, "");
      String after = other.getOrDefault(cell, "");
      if (!before.equals(after)) {
        rows.add(List.of(cell, before, after));
      }
    }
    return new Table(List.of("cell", "first", "second"), rows);
  }

  private static Map<String, String> cells(List<Assumption> assumptions) {
    Map<String, String> cells = new TreeMap<>();
    assumptions.forEach(one -> cells.put(one.cell(), one.value()));
    return cells;
  }

  private static void row(List<List<Object>> rows, String name, double first, double second) {
    rows.add(List.of(name, first, second, second - first));
  }
}

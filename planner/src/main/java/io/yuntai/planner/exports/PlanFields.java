package io.yuntai.planner.exports;

import io.yuntai.planner.files.Assumption;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as fields with stable names, for JSON. Numbers that are none are left out. */
public final class PlanFields {
  private PlanFields() {}

  /** The head: status, value, bound and gap. */
  public static Map<String, Object> summary(Plan plan) {
    PlanInputs inputs = plan.inputs();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", inputs.name());
    fields.put("status", plan.status().name().toLowerCase(java.util.Locale.ROOT));
    fields.put("currency", inputs.finance().currency());
    fields.put("value_millions", plan.value());
    fields.put("bound_millions", plan.bound());
    fields.put("gap", plan.gap());
    fields.put("net_present_value_millions", plan.netPresentValue());
    fields.put("solver", plan.solver());
    fields.put("first_quarter", inputs.horizon().firstQuarter());
    fields.put("quarters", inputs.horizon().quarters());
    fields.put("notes", plan.notes());
    return fields;
  }

  /** Everything. */
  public static Map<String, Object> of(Plan plan, List<Assumption> assumptions) {
    Map<String, Object> fields = summary(plan);
    List<Map<String, Object>> scenarios = new ArrayList<>();
    for (Statement statement : plan.statements()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("scenario", statement.scenario());
      one.put("net_present_value_millions", statement.netPresentValue());
      one.put("terminal_value_millions", statement.terminalValue());
      if (Double.isFinite(statement.internalRate())) {
        one.put("internal_rate", statement.internalRate());
      }
      one.put("payback_quarters", statement.paybackQuarters());
      scenarios.add(one);
    }
    fields.put("scenarios", scenarios);
    PlanTables.of(plan).forEach((name, table) -> fields.put(name, finite(table.fields())));
    List<Map<String, Object>> told = new ArrayList<>();
    for (Assumption assumption : assumptions) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("cell", assumption.cell());
      one.put("value", assumption.value());
      one.put("source", assumption.source());
      one.put("date", assumption.date() == null ? "" : assumption.date().toString());
      one.put("confidence", assumption.confidence().text());
      told.add(one);
    }
    fields.put("assumptions", told);
    return fields;
  }

  private static List<Map<String, Object>> finite(List<Map<String, Object>> rows) {
    rows.forEach(row ->
        row.values().removeIf(value -> value instanceof Double number && !Double.isFinite(number)));
    return rows;
  }
}

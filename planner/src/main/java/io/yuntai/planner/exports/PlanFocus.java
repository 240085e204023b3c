package io.yuntai.planner.exports;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plan as rows of FOCUS, so that it can be laid beside the bill: what each class of work, region
 * and quarter is planned to cost. Full cost is the quarter's costs and depreciation, shared among
 * classes by their revenue at list price, or evenly by units where nothing is sold.
 */
public final class PlanFocus {
  private static final int DECIMALS = 2;
  private static final double MILLION = 1e6;

  private PlanFocus() {}

  /** Versions of the specification. */
  public enum Version {
    /** May 2025. */
    V1_2("1.2"),
    /** December 2025: names of the provider as service and host provider besides. */
    V1_3("1.3"),
    /** June 2026: without the names that 1.3 had replaced. */
    V1_4("1.4");

    private final String text;

    Version(String text) {
      this.text = text;
    }

    /** As people write it. */
    public String text() {
      return text;
    }

    /**
     * By its text.
     *
     * @throws PlannerException naming those that there are
     */
    public static Version of(String text) {
      return Arrays.stream(values())
          .filter(version -> version.text.equals(text))
          .findFirst()
          .orElseThrow(() ->
              new PlannerException(
                  "FOCUS is written as 1.2, 1.3 or 1.4, not '%s'.".formatted(text)));
    }
  }

  /**
   * Rows of cost and usage.
   *
   * @param planId what a row says of the plan that it is of
   */
  public static Table costAndUsage(Plan plan, Version version, String planId) {
    PlanInputs inputs = plan.inputs();
    List<Map<String, Object>> all = new ArrayList<>();
    for (int s = 0; s < inputs.scenarios().size(); s++) {
      Scenario scenario = inputs.scenarios().get(s);
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      var quarters = plan.statements().get(s).quarters();
      for (int t = 0; t < quarters.size(); t++) {
        double cost =
            quarters.get(t).costs()
                + quarters.get(t).serverDepreciation()
                + quarters.get(t).hallDepreciation();
        quarter(all, plan, version, planId, scenario, sums, t, cost);
      }
    }
    List<String> columns = all.isEmpty() ? List.of() : List.copyOf(all.getFirst().keySet());
    return new Table(columns, all.stream().map(row -> List.copyOf(row.values())).toList());
  }

  private static void quarter(
      List<Map<String, Object>> all,
      Plan plan,
      Version version,
      String planId,
      Scenario scenario,
      PlanSums sums,
      int t,
      double cost) {
    Map<PlanSums.Way, Double> units = new TreeMap<>();
    sums.served()
        .forEach((way, amounts) -> {
          if (amounts[t] > 0) {
            units.put(way, amounts[t]);
          }
        });
    double worth = 0;
    for (Map.Entry<PlanSums.Way, Double> one : units.entrySet()) {
      worth += one.getValue() * price(plan, one.getKey(), t);
    }
    double total = units.values().stream().mapToDouble(Double::doubleValue).sum();
    for (Map.Entry<PlanSums.Way, Double> one : units.entrySet()) {
      double share =
          worth > 0
              ? one.getValue() * price(plan, one.getKey(), t) / worth
              : one.getValue() / total;
      all.add(row(plan, version, planId, scenario, one, t, cost * share));
    }
  }

  private static double price(Plan plan, PlanSums.Way way, int quarter) {
    return plan.inputs().workClass(way.workClass()).price().at(quarter);
  }

  private static Map<String, Object> row(
      Plan plan,
      Version version,
      String planId,
      Scenario scenario,
      Map.Entry<PlanSums.Way, Double> one,
      int t,
      double millions) {
    PlanInputs inputs = plan.inputs();
    Quarter quarter = Quarter.parse(inputs.horizon().label(t));
    String currency = inputs.finance().currency();
    String place = one.getKey().place();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("BilledCost", money(millions));
    row.put("EffectiveCost", money(millions));
    row.put("ListCost", money(one.getValue() * price(plan, one.getKey(), t) / MILLION));
    row.put("ContractedCost", money(millions));
    row.put("BillingCurrency", currency);
    row.put("PricingCurrency", currency);
    row.put("BillingPeriodStart", start(quarter));
    row.put("BillingPeriodEnd", start(quarter.plus(1)));
    row.put("ChargePeriodStart", start(quarter));
    row.put("ChargePeriodEnd", start(quarter.plus(1)));
    row.put("ChargeCategory", "Usage");
    row.put("ChargeClass", "");
    row.put("ChargeDescription", "planned: " + one.getKey().workClass());
    row.put("ServiceCategory", "AI and Machine Learning");
    row.put("ServiceName", one.getKey().workClass());
    provider(row, version, inputs, place);
    row.put("InvoiceIssuerName", inputs.name());
    row.put("RegionId", one.getKey().region());
    row.put("RegionName", one.getKey().region());
    row.put("ConsumedQuantity", units(one.getValue()));
    row.put("ConsumedUnit", "Tokens");
    row.put("PricingQuantity", units(one.getValue() / MILLION));
    row.put("PricingUnit", "Million Tokens");
    row.put("SkuId", one.getKey().workClass());
    row.put("SubAccountId", place);
    row.put("x_PlanId", planId);
    row.put("x_Scenario", scenario.name());
    row.put("x_Place", place);
    return row;
  }

  /** 1.3 adds the names that 1.4 keeps alone. */
  private static void provider(
      Map<String, Object> row, Version version, PlanInputs inputs, String place) {
    boolean own = inputs.sites().stream().map(Site::name).anyMatch(place::equals);
    String name = own ? inputs.name() : place;
    if (version != Version.V1_4) {
      row.put("ProviderName", name);
      row.put("PublisherName", name);
    }
    if (version != Version.V1_2) {
      row.put("ServiceProviderName", name);
      row.put("HostProviderName", name);
    }
  }

  /** Rows of contract commitments (FOCUS 1.3): reservations that the plan begins. */
  public static Table commitments(Plan plan, String planId) {
    PlanInputs inputs = plan.inputs();
    List<List<Object>> rows = new ArrayList<>();
    for (Scenario scenario : inputs.scenarios()) {
      PlanSums sums = new PlanSums(inputs, plan.decisions(), scenario.name());
      sums.commitments()
          .forEach((name, servers) -> {
            Contract contract = inputs.contract(name);
            for (int t = 0; t < servers.length; t++) {
              if (servers[t] > 0) {
                Quarter from = Quarter.parse(inputs.horizon().label(t));
                double hours = sums.allHours() * contract.termQuarters();
                double cost =
                    servers[t] * (contract.upfront() + contract.price().at(t) * hours / MILLION);
                rows.add(
                    List.of(
                        "%s-%s-%s".formatted(planId, name, from),
                        "Usage",
                        name,
                        start(from),
                        start(from.plus(contract.termQuarters())),
                        money(cost),
                        units(servers[t] * hours / MILLION),
                        "Server-Hours",
                        inputs.finance().currency(),
                        planId,
                        scenario.name()));
              }
            }
          });
    }
    return new Table(
        List.of(
            "ContractCommitmentId",
            "ContractCommitmentCategory",
            "ContractCommitmentDescription",
            "ContractCommitmentPeriodStart",
            "ContractCommitmentPeriodEnd",
            "ContractCommitmentCost",
            "ContractCommitmentQuantity",
            "ContractCommitmentUnit",
            "BillingCurrency",
            "x_PlanId",
            "x_Scenario"),
        rows);
  }

  private static String start(Quarter quarter) {
    return quarter.firstDay() + "T00:00:00Z";
  }

  private static String money(double millions) {
    return BigDecimal.valueOf(millions)
        .movePointRight(6)
        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  /** Whole units, of millions. */
  private static String units(double millions) {
    return BigDecimal.valueOf(millions)
        .movePointRight(6)
        .setScale(0, RoundingMode.HALF_EVEN)
        .toPlainString();
  }
}

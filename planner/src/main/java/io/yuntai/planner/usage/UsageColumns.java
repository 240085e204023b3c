package io.yuntai.planner.usage;

import io.yuntai.planner.PlannerException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which column of a heading tells what; its form is known by the columns that it has. */
sealed interface UsageColumns {
  /** Adds a row to sums. */
  void add(UsageRow row, HourlyUsage sums);

  /**
   * By a heading.
   *
   * @throws PlannerException naming the forms that are read
   */
  static UsageColumns of(List<String> heading, String name) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < heading.size(); i++) {
      String column = heading.get(i).strip();
      if (places.put(i == 0 ? column.replace("\uFEFF", "") : column, i) != null) {
        throw new PlannerException("%s:1: two columns are called '%s'.".formatted(name, column));
      }
    }
    if (places.keySet().containsAll(List.of("request_id", "at", "model", "input", "output"))) {
      return new Requests(places);
    }
    if (places.keySet().containsAll(List.of("ChargePeriodStart", "ConsumedQuantity"))) {
      return new Focus(places);
    }
    if (places.containsKey("hour")) {
      return new Hours(places, measures(places, name));
    }
    throw new PlannerException(
        "%s:1: the heading is none that is read: 'hour,model,region,class,requests,input,cached,output,refused' (only 'hour' and one count are needed), the ledger's export, or FOCUS with ChargePeriodStart and ConsumedQuantity."
            .formatted(name));
  }

  private static List<UsageMeasure> measures(Map<String, Integer> places, String name) {
    List<String> known = List.of("hour", "model", "region", "class");
    List<UsageMeasure> measures = new ArrayList<>();
    for (String column : places.keySet()) {
      if (!known.contains(column)) {
        try {
          measures.add(UsageMeasure.of(column));
        } catch (PlannerException e) {
          throw new PlannerException("%s:1: column '%s': %s".formatted(name, column, e.sentence()));
        }
      }
    }
    if (measures.isEmpty()) {
      throw new PlannerException(
          "%s:1: no column counts anything; there are requests, input, cached, output and refused."
              .formatted(name));
    }
    return measures;
  }

  private static String text(UsageRow row, Map<String, Integer> places, String column) {
    Integer place = places.get(column);
    return place == null ? "" : row.text(place);
  }

  /** A row for an hour of a kind. */
  record Hours(Map<String, Integer> places, List<UsageMeasure> measures) implements UsageColumns {
    @Override
    public void add(UsageRow row, HourlyUsage sums) {
      UsageKind kind =
          new UsageKind(
              text(row, places, "model"), text(row, places, "region"), text(row, places, "class"));
      Instant hour = row.time(row.place(places, "hour"), "hour");
      for (UsageMeasure measure : measures) {
        double amount = row.amount(row.place(places, measure.text()), measure.text());
        sums.add(kind, hour, measure, amount);
      }
    }
  }

  /** A row for a request: {@code yuntai usage export}. */
  record Requests(Map<String, Integer> places) implements UsageColumns {
    @Override
    public void add(UsageRow row, HourlyUsage sums) {
      UsageKind kind =
          new UsageKind(
              text(row, places, "model"), text(row, places, "region"), text(row, places, "class"));
      Instant at = row.time(row.place(places, "at"), "at");
      sums.add(kind, at, UsageMeasure.REQUESTS, 1);
      sums.add(kind, at, UsageMeasure.INPUT, count(row, "input") + count(row, "cache_write"));
      sums.add(kind, at, UsageMeasure.CACHED, count(row, "cache_hit"));
      sums.add(kind, at, UsageMeasure.OUTPUT, count(row, "output") + count(row, "reasoning"));
    }

    private double count(UsageRow row, String column) {
      Integer place = places.get(column);
      return place == null || row.text(place).isEmpty() ? 0 : row.amount(place, column);
    }
  }

  /** A row for a charge: FOCUS 1.0 and later. Rows that count no tokens are passed over. */
  record Focus(Map<String, Integer> places) implements UsageColumns {
    private static final List<String> MODELS = List.of("x_Model", "SkuId", "ServiceName");
    private static final List<String> KINDS = List.of("x_TokenKind", "SkuMeter", "SkuPriceId");

    @Override
    public void add(UsageRow row, HourlyUsage sums) {
      String unit = text(row, places, "ConsumedUnit").toLowerCase(Locale.ROOT);
      double factor = factor(unit);
      if (factor == 0) {
        return;
      }
      UsageKind kind =
          new UsageKind(
              first(row, MODELS), text(row, places, "RegionId"), text(row, places, "x_Class"));
      Instant at = row.time(row.place(places, "ChargePeriodStart"), "ChargePeriodStart");
      double amount = row.amount(row.place(places, "ConsumedQuantity"), "ConsumedQuantity");
      sums.add(kind, at, measure(row, unit), amount * factor);
    }

    private static double factor(String unit) {
      if (unit.contains("request")) {
        return 1;
      }
      if (!unit.contains("token")) {
        return 0;
      }
      return unit.contains("million") || unit.startsWith("1m")
          ? 1e6
          : unit.contains("thousand") || unit.startsWith("1k") ? 1e3 : 1;
    }

    private UsageMeasure measure(UsageRow row, String unit) {
      if (unit.contains("request")) {
        return UsageMeasure.REQUESTS;
      }
      String told = first(row, KINDS).toLowerCase(Locale.ROOT);
      return told.contains("cache")
          ? UsageMeasure.CACHED
          : told.contains("out") ? UsageMeasure.OUTPUT : UsageMeasure.INPUT;
    }

    private String first(UsageRow row, List<String> columns) {
      for (String column : columns) {
        @Nullable Integer place = places.get(column);
        if (place != null && !row.text(place).isEmpty()) {
          return row.text(place);
        }
      }
      return "";
    }
  }
}

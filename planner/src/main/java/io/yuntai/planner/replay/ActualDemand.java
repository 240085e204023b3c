package io.yuntai.planner.replay;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.demand.HourlySeries;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageKind;
import io.yuntai.planner.usage.UsageMeasure;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Demand that was metered, laid over a plan's blocks: of the hours of a quarter the busiest are
 * those of its peak block, and so on.
 *
 * @param demand what came in quarters that were metered whole, and what was expected in the others
 * @param quarters how many were metered
 */
public record ActualDemand(Demand demand, int quarters) {
  private static final double HOUR_SECONDS = 3600;

  /** Of a quarter's hours, so many must be known for it to count. */
  private static final double WHOLE = 0.95;

  /**
   * Lays usage over a plan. Where a plan has one class or one region, all usage is of it; otherwise
   * the names of classes and regions must be those of the file.
   *
   * @throws PlannerException when names differ or no quarter of the plan was metered whole
   */
  public static ActualDemand of(PlanInputs inputs, HourlyUsage usage, UsageMeasure measure) {
    int length = inputs.horizon().length();
    Quarter first = Quarter.parse(inputs.horizon().firstQuarter());
    int[] from = new int[length + 1];
    for (int t = 0; t <= length; t++) {
      from[t] = hour(usage, first.plus(t));
    }
    int known = 0;
    while (known < length && isWhole(usage, from[known], from[known + 1])) {
      known++;
    }
    if (known == 0) {
      throw new PlannerException(
          "The usage, %d hours from %s on, holds no whole quarter of the plan, which begins with %s."
              .formatted(usage.hours(), usage.first(), first));
    }
    List<Demand.Row> rows = new ArrayList<>();
    Scenario base = inputs.scenarios().getFirst();
    for (WorkClass work : inputs.classes()) {
      for (String region : inputs.regions()) {
        HourlySeries hours =
            usage.offered(measure, kind -> matches(inputs, work.name(), region, kind));
        double[][] rates = rates(inputs, hours.amounts(), from, known);
        for (int b = 0; b < inputs.blocks().size(); b++) {
          String block = inputs.blocks().get(b).name();
          double[] rate = Arrays.copyOf(rates[b], length);
          for (int t = known; t < length; t++) {
            rate[t] = inputs.demand().at(work.name(), region, block, t, base);
          }
          rows.add(new Demand.Row(work.name(), region, block, "", Series.of(rate)));
        }
      }
    }
    requireNames(inputs, usage);
    return new ActualDemand(Demand.of(rows), known);
  }

  private static void requireNames(PlanInputs inputs, HourlyUsage usage) {
    for (UsageKind kind : usage.kinds()) {
      boolean taken =
          inputs.classes().stream()
              .anyMatch(work ->
                  inputs.regions().stream()
                      .anyMatch(region -> matches(inputs, work.name(), region, kind)));
      if (!taken) {
        throw new PlannerException(
            "The usage of %s is of no class (%s) and region (%s) of the plan; name them as the plan does."
                .formatted(
                    kind,
                    String.join(", ", inputs.classes().stream().map(WorkClass::name).toList()),
                    String.join(", ", inputs.regions())));
      }
    }
  }

  private static boolean matches(PlanInputs inputs, String work, String region, UsageKind kind) {
    boolean ofClass = inputs.classes().size() == 1 || kind.serviceClass().equals(work);
    boolean ofRegion = inputs.regions().size() == 1 || kind.region().equals(region);
    return ofClass && ofRegion;
  }

  private static int hour(HourlyUsage usage, Quarter quarter) {
    Instant begin = quarter.firstDay().atStartOfDay(ZoneOffset.UTC).toInstant();
    return (int) ((begin.getEpochSecond() - usage.first().getEpochSecond()) / (long) HOUR_SECONDS);
  }

  private static boolean isWhole(HourlyUsage usage, int from, int to) {
    int known = Math.min(to, usage.hours()) - Math.max(from, 0);
    return known >= WHOLE * (to - from);
  }

  /** Means of each block's hours, by block and quarter. */
  private static double[][] rates(PlanInputs inputs, double[] hours, int[] from, int known) {
    List<LoadBlock> blocks = inputs.blocks();
    double all = blocks.stream().mapToDouble(LoadBlock::hours).sum();
    List<LoadBlock> byPeak =
        blocks.stream().sorted(Comparator.comparing(LoadBlock::peak).reversed()).toList();
    double[][] rates = new double[blocks.size()][known];
    for (int t = 0; t < known; t++) {
      double[] sorted =
          Arrays.copyOfRange(hours, Math.max(from[t], 0), Math.min(from[t + 1], hours.length));
      Arrays.sort(sorted);
      double taken = sorted.length;
      for (LoadBlock block : byPeak) {
        double next = taken - sorted.length * block.hours() / all;
        int low = Math.clamp(Math.round(next), 0, sorted.length - 1);
        int high = Math.clamp(Math.round(taken), low + 1, sorted.length);
        rates[blocks.indexOf(block)][t] =
            Arrays.stream(sorted, low, high).average().orElse(0) / HOUR_SECONDS;
        taken = next;
      }
    }
    return rates;
  }
}

package io.yuntai.planner.usage;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.HourlySeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Sums by hour and kind. Hours in which nothing was told count as hours of nothing. */
public final class HourlyUsage {
  /** A year of a hundred kinds, or so; 48 bytes each. */
  static final int MAX_CELLS = 1_000_000;

  private static final int MEASURES = UsageMeasure.values().length;
  private static final long HOUR_SECONDS = 3600;

  private final Map<UsageKind, NavigableMap<Long, double[]>> cells = new TreeMap<>();
  private int count;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  HourlyUsage() {}

  void add(UsageKind kind, Instant at, UsageMeasure measure, double amount) {
    long hour = Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
    long from = Math.min(first, hour);
    long to = Math.max(last, hour);
    if (to - from >= HourlySeries.MAX_HOURS) {
      throw new PlannerException(
          "from %s to %s are more than %d hours"
              .formatted(instant(from), instant(to), HourlySeries.MAX_HOURS));
    }
    cell(kind, hour)[measure.place()] += amount;
    first = from;
    last = to;
  }

  private double[] cell(UsageKind kind, long hour) {
    NavigableMap<Long, double[]> hours = cells.computeIfAbsent(kind, _ -> new TreeMap<>());
    double[] known = hours.get(hour);
    if (known != null) {
      return known;
    }
    if (++count > MAX_CELLS) {
      throw new PlannerException(
          "more than %d hours of models, regions and classes; split the file by time or by model"
              .formatted(MAX_CELLS));
    }
    double[] cell = new double[MEASURES];
    hours.put(hour, cell);
    return cell;
  }

  /** Whether nothing was told. */
  public boolean isEmpty() {
    return cells.isEmpty();
  }

  /** The beginning of the first hour. */
  public Instant first() {
    return instant(first);
  }

  /** How many hours from the first to the last. */
  public int hours() {
    return isEmpty() ? 0 : (int) (last - first + 1);
  }

  /** What there is, in order. */
  public List<UsageKind> kinds() {
    return new ArrayList<>(cells.keySet());
  }

  /** All of some kinds. */
  public Map<UsageMeasure, Double> totals(Predicate<UsageKind> which) {
    double[] sums = sums(which);
    Map<UsageMeasure, Double> totals = new EnumMap<>(UsageMeasure.class);
    for (UsageMeasure measure : UsageMeasure.values()) {
      totals.put(measure, sums[measure.place()]);
    }
    return totals;
  }

  /**
   * What was asked for in each hour: what was served and, where requests were refused, as much more
   * as they would have been had each been like those that were served. An hour in which all were
   * refused takes the tokens of a request from all other hours, and a kind of which all were
   * refused from the other kinds.
   */
  public HourlySeries offered(UsageMeasure measure, Predicate<UsageKind> which) {
    double[] amounts = new double[hours()];
    double ofAll = perRequest(measure, sums(which));
    cells.forEach((kind, byHour) -> {
      if (which.test(kind)) {
        double[] all = sums(kind::equals);
        double each = all[UsageMeasure.REQUESTS.place()] > 0 ? perRequest(measure, all) : ofAll;
        byHour.forEach((hour, cell) -> {
          double requests = cell[UsageMeasure.REQUESTS.place()];
          double refused = cell[UsageMeasure.REFUSED.place()];
          double served = cell[measure.place()];
          double more = requests > 0 ? served / requests : each;
          amounts[(int) (hour - first)] += served + refused * more;
        });
      }
    });
    return new HourlySeries(first(), amounts, 0);
  }

  private double[] sums(Predicate<UsageKind> which) {
    double[] sums = new double[MEASURES];
    cells.forEach((kind, hours) -> {
      if (which.test(kind)) {
        hours.values().forEach(cell -> addTo(sums, cell));
      }
    });
    return sums;
  }

  private static double perRequest(UsageMeasure measure, double[] sums) {
    double requests = sums[UsageMeasure.REQUESTS.place()];
    return requests == 0 ? 0 : sums[measure.place()] / requests;
  }

  private static void addTo(double[] sums, double[] cell) {
    for (int i = 0; i < MEASURES; i++) {
      sums[i] += cell[i];
    }
  }

  private static Instant instant(long hour) {
    return Instant.ofEpochSecond(hour * HOUR_SECONDS);
  }
}

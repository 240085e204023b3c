package io.yuntai.planner.outlook;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.outlook.Trend.Bass;
import io.yuntai.planner.outlook.Trend.Damped;
import io.yuntai.planner.outlook.Trend.Gompertz;
import io.yuntai.planner.outlook.Trend.Last;
import io.yuntai.planner.outlook.Trend.Logistic;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/**
 * The next quarters by trends that are weighed by how they would have done, with quantiles by what
 * such mixtures missed before.
 *
 * @param first the first quarter that lies ahead as a whole
 * @param fan of the quarters
 * @param methods all that were judged, with their weights, the heaviest first
 * @param scores how it would have done
 * @param curveKnown whether months tell if growth levels off; where not, methods lead far apart
 */
public record Outlook(
    Quarter first,
    QuarterFan fan,
    List<Weighed> methods,
    OutlookScores scores,
    boolean curveKnown) {
  /** Ten years. */
  public static final int MAX_QUARTERS = 40;

  /** A year. */
  public static final int LEAST_MONTHS = 12;

  private static final int CLEARLY = 4;
  private static final List<Trend> TRENDS =
      List.of(
          new Last(),
          new Damped(0.6, 0.3, 0.85),
          new Damped(0.6, 0.3, 0.9),
          new Damped(0.6, 0.3, 0.95),
          new Damped(0.3, 0.15, 0.9),
          new Logistic(),
          new Gompertz(),
          new Bass());

  /**
   * A trend's part.
   *
   * @param weight 0 to 1; all together are 1
   */
  public record Weighed(TrendBacktest judged, double weight) {}

  /** Copies the list. */
  public Outlook {
    methods = List.copyOf(methods);
  }

  /**
   * Tells the quarters after a series.
   *
   * @param quarters 1 to {@link #MAX_QUARTERS}
   * @param costs of building too much or too little, for the score in money
   * @throws PlannerException when the series is too short to judge by
   */
  public static Outlook of(MonthlySeries series, int quarters, UnitCosts costs) {
    if (quarters < 1 || quarters > MAX_QUARTERS) {
      throw new PlannerException(
          "1 to %d quarters can be told, not %d.".formatted(MAX_QUARTERS, quarters));
    }
    if (series.months() < LEAST_MONTHS) {
      throw new PlannerException(
          "%d months are too few to tell quarters from; it takes %d at least, or a growth scenario."
              .formatted(series.months(), LEAST_MONTHS));
    }
    double[] logs = Arrays.stream(series.amounts()).map(Math::log).toArray();
    YearMonth next = series.next();
    Quarter first = Quarter.of(next);
    if (first.firstMonth().isBefore(next)) {
      first = first.plus(1);
    }
    int lead = (int) next.until(first.firstMonth(), ChronoUnit.MONTHS);
    RollingTrends rolling = new RollingTrends(TRENDS, logs, lead, quarters);
    List<Weighed> methods = rolling.weigh(logs.length);
    OutlookHistory history = new OutlookHistory(rolling, logs.length, quarters);
    QuarterFan fan =
        QuarterFan.of(rolling.quarters(methods, logs.length), history.misses(logs.length));
    return new Outlook(first, fan, methods, history.scores(costs), curveKnown(methods));
  }

  /** Months tell a curve from a trend when the ones did clearly better than the others. */
  private static boolean curveKnown(List<Weighed> methods) {
    double curve = 0;
    double trend = 0;
    for (Weighed method : methods) {
      switch (method.judged().trend()) {
        case Logistic _, Gompertz _, Bass _ -> curve += method.weight();
        case Last _, Damped _ -> trend += method.weight();
      }
    }
    return curve > CLEARLY * trend || trend > CLEARLY * curve;
  }
}

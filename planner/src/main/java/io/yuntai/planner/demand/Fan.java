package io.yuntai.planner.demand;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Forecasts with quantiles, by what forecasts missed before (split conformal prediction: V. Vovk,
 * A. Gammerman and G. Shafer, 2005; here with ratios, so that nothing falls below 0 and busy hours
 * vary more than quiet ones).
 */
public final class Fan {
  /** Of hours that were forecast as nothing, or nearly. */
  private static final double MOST_RATIO = 1e3;

  /** With fewer days than these a day ahead takes the ratios of the one before it. */
  private static final int ENOUGH = 3;

  private final double[] points;
  private final List<double[]> ratios;

  private Fan(double[] points, List<double[]> ratios) {
    this.points = points;
    this.ratios = ratios;
  }

  /**
   * Round a forecast.
   *
   * @param residuals actual by forecast amounts of forecasts before, by days ahead, then by day
   */
  static Fan of(double[] points, List<List<double[]>> residuals) {
    List<double[]> byDay = new ArrayList<>();
    for (List<double[]> days : residuals) {
      if (byDay.isEmpty() || days.size() >= ENOUGH) {
        byDay.add(days.stream().flatMapToDouble(Arrays::stream).sorted().toArray());
      }
    }
    return new Fan(points.clone(), byDay);
  }

  /**
   * Up to how many days ahead it is known what was missed; beyond that bands are as on that day.
   */
  public int judgedDays() {
    return ratios.size();
  }

  static double ratio(double actual, double forecast) {
    return actual == forecast
        ? 1
        : Math.min(MOST_RATIO, actual / Math.max(forecast, actual / MOST_RATIO));
  }

  /** How many hours. */
  public int hours() {
    return points.length;
  }

  /** What is likeliest for an hour. */
  public double point(int hour) {
    return points[hour];
  }

  /**
   * What an hour stays below with a probability: the order statistic that holds it for a new hour
   * that is like those before.
   *
   * @param level between 0 and 1
   */
  public double quantile(int hour, double level) {
    double[] sorted = ratios.get(Math.min(hour / Forecaster.DAY, ratios.size() - 1));
    int n = sorted.length;
    double place = level < 0.5 ? Math.floor(level * (n + 1)) : Math.ceil(level * (n + 1));
    int at = (int) Math.clamp(place - 1, 0, n - 1);
    return points[hour] * sorted[at];
  }
}

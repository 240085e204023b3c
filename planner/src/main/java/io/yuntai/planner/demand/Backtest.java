package io.yuntai.planner.demand;

import java.util.ArrayList;
import java.util.List;

/**
 * How a method would have done: forecasts from each midnight of the series (counted from its first
 * hour), each by what was known then.
 *
 * @param forecaster the method
 * @param mase mean absolute error by that of the day before in what was known then (R. J. Hyndman
 *     and A. B. Koehler, 2006); below 1 is better than that
 * @param pinball mean loss of the quantiles {@link #LEVELS} by the mean amount
 * @param coverage share of hours that fell between the quantiles 0.05 and 0.95
 * @param origins how many forecasts were made
 */
public record Backtest(
    Forecaster forecaster, double mase, double pinball, double coverage, int origins) {
  /** Quantiles that are judged. */
  static final double[] LEVELS = {0.05, 0.1, 0.5, 0.9, 0.95};

  private static final int DAY = Forecaster.DAY;

  /** For quantiles, so many forecasts must have been made before. */
  private static final int LEAST_RESIDUAL_DAYS = 3;

  /** Whether a series is long enough to judge by. */
  public static boolean isPossible(HourlySeries series) {
    return series.hours() >= RollingDays.FIRST + (LEAST_RESIDUAL_DAYS + 2) * DAY;
  }

  /** Judges a method by the last year of a series, or all of it. */
  public static Backtest of(HourlySeries series, Forecaster forecaster) {
    double[] amounts = series.amounts();
    return of(amounts, RollingDays.of(amounts, forecaster, 1));
  }

  /** Judges what a method told for the day after each midnight. */
  static Backtest of(double[] amounts, RollingDays rolling) {
    List<double[]> residuals = new ArrayList<>();
    double scaled = 0;
    double loss = 0;
    int inside = 0;
    int judged = 0;
    double sum = 0;
    for (int at = 0; at < rolling.origins(); at++) {
      double scale = dailyDifference(amounts, rolling.origin(at));
      double[] next = new double[DAY];
      double error = 0;
      for (int i = 0; i < DAY; i++) {
        next[i] = rolling.told(at, i);
        error += Math.abs(rolling.actual(at, i) - next[i]) / DAY;
      }
      scaled += error == 0 ? 0 : error / Math.max(scale, Double.MIN_NORMAL);
      if (residuals.size() >= LEAST_RESIDUAL_DAYS) {
        Fan fan = Fan.of(next, List.of(residuals));
        for (int i = 0; i < DAY; i++) {
          double actual = rolling.actual(at, i);
          for (double level : LEVELS) {
            double miss = actual - fan.quantile(i, level);
            loss += Math.max(level * miss, (level - 1) * miss) / LEVELS.length;
          }
          inside += actual >= fan.quantile(i, 0.05) && actual <= fan.quantile(i, 0.95) ? 1 : 0;
          sum += actual;
          judged++;
        }
      }
      residuals.add(rolling.ratios(at, 0));
    }
    return new Backtest(
        rolling.forecaster(),
        rolling.origins() == 0 ? 0 : scaled / rolling.origins(),
        sum == 0 ? 0 : loss / sum,
        judged == 0 ? 0 : (double) inside / judged,
        rolling.origins());
  }

  private static double dailyDifference(double[] amounts, int until) {
    double sum = 0;
    for (int i = DAY; i < until; i++) {
      sum += Math.abs(amounts[i] - amounts[i - DAY]);
    }
    return sum / (until - DAY);
  }
}

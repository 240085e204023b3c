package io.yuntai.planner.outlook;

/**
 * How a trend would have done: forecasts from each month of the later two thirds, each by what was
 * known then.
 *
 * @param trend the method
 * @param spread mean square of the logarithms of actual by forecast amounts
 * @param mase mean absolute error of amounts by that of the month before in what was known then
 * @param bias mean of forecast less actual by the mean amount; above 0 where it told too much
 * @param origins how many forecasts were made
 */
public record TrendBacktest(Trend trend, double spread, double mase, double bias, int origins) {
  private static final int MOST_MONTHS = 12;

  /**
   * Judges a trend.
   *
   * @param told forecasts by the number of months that were known; logarithms
   */
  static TrendBacktest of(double[] logs, int until, Trend trend, double[][] told) {
    double squares = 0;
    double scaled = 0;
    double surplus = 0;
    double sum = 0;
    int judged = 0;
    int origins = 0;
    for (int origin = first(trend, until); origin < until; origin++) {
      double scale = monthlyDifference(logs, origin);
      int months = Math.min(Math.min(MOST_MONTHS, told[origin].length), until - origin);
      for (int i = 0; i < months; i++) {
        double miss = logs[origin + i] - told[origin][i];
        double actual = Math.exp(logs[origin + i]);
        double error = Math.exp(told[origin][i]) - actual;
        squares += miss * miss;
        scaled += error == 0 ? 0 : Math.abs(error) / Math.max(scale, 1e-12 * actual);
        surplus += error;
        sum += actual;
        judged++;
      }
      origins++;
    }
    return judged == 0
        ? new TrendBacktest(trend, Double.MAX_VALUE, 0, 0, 0)
        : new TrendBacktest(trend, squares / judged, scaled / judged, surplus / sum, origins);
  }

  /** The first month that is told from those before it. */
  static int first(Trend trend, int until) {
    return Math.max(trend.leastMonths(), Math.max(3, until / 3));
  }

  private static double monthlyDifference(double[] logs, int until) {
    double sum = 0;
    for (int i = 1; i < until; i++) {
      sum += Math.abs(Math.exp(logs[i]) - Math.exp(logs[i - 1]));
    }
    return sum / Math.max(1, until - 1);
  }
}

package io.yuntai.planner.demand;

import java.util.Arrays;

/**
 * A series taken apart into seasons of several periods, a trend, and a rest: MSTL (K. Bandara, R.
 * J. Hyndman and C. Bergmeir, 2021), which does STL (R. B. Cleveland et al., 1990) period after
 * period.
 *
 * @param seasons one line for each period
 * @param trend what goes on when seasons are gone
 * @param rest what neither tells
 */
@SuppressWarnings("ArrayRecordComponent")
record Seasons(double[][] seasons, double[] trend, double[] rest) {
  private static final int ROUNDS = 2;
  private static final int INNER = 5;

  /** The window of the first period's seasons, in periods; that of each further one is 4 more. */
  private static final int FIRST_WINDOW = 11;

  /** Smoothing at a tenth of a window's points is as good, and faster. */
  static final double USUAL_JUMP = 0.1;

  /**
   * Takes a series apart.
   *
   * @param periods in order, each less than half the series
   * @param jump share of a window at whose distance smooth values are computed; 0 for each point
   */
  static Seasons of(double[] y, int[] periods, double jump) {
    int n = y.length;
    double[][] seasons = new double[periods.length][n];
    double[] rest = y.clone();
    double[] trend = new double[n];
    for (int round = 0; round < (periods.length == 1 ? 1 : ROUNDS); round++) {
      for (int i = 0; i < periods.length; i++) {
        double[] season = seasons[i];
        double[] with = rest;
        Arrays.setAll(with, t -> with[t] + season[t]);
        trend = one(with, periods[i], FIRST_WINDOW + 4 * i, jump, season);
        Arrays.setAll(with, t -> with[t] - season[t]);
      }
    }
    double[] last = trend;
    double[] left = rest;
    Arrays.setAll(left, t -> left[t] - last[t]);
    return new Seasons(seasons, trend, left);
  }

  private static int jump(int window, double share) {
    return Math.max(1, (int) Math.ceil(share * window));
  }

  private static int odd(int window) {
    return window + 1 - window % 2;
  }

  /** STL for one period; the trend, and the season in the place given. */
  private static double[] one(double[] y, int period, int window, double jump, double[] season) {
    int n = y.length;
    int trendWindow = odd((int) Math.ceil(1.5 * period / (1 - 1.5 / window)));
    int lowWindow = odd(period + 1);
    double[] trend = new double[n];
    for (int inner = 0; inner < INNER; inner++) {
      double[] before = trend;
      double[] detrended = new double[n];
      Arrays.setAll(detrended, t -> y[t] - before[t]);
      double[] cycles = cycles(detrended, period, window);
      double[] low = average(average(average(cycles, period), period), 3);
      double[] smooth = Loess.smooth(low, lowWindow, jump(lowWindow, jump));
      Arrays.setAll(season, t -> cycles[period + t] - smooth[t]);
      double[] deseasoned = new double[n];
      Arrays.setAll(deseasoned, t -> y[t] - season[t]);
      trend = Loess.smooth(deseasoned, trendWindow, jump(trendWindow, jump));
    }
    return trend;
  }

  /** Each phase of the period smoothed by itself, and told one period on at either end. */
  private static double[] cycles(double[] y, int period, int window) {
    double[] cycles = new double[y.length + 2 * period];
    for (int phase = 0; phase < period; phase++) {
      int count = (y.length - phase - 1) / period + 1;
      double[] one = new double[count];
      for (int i = 0; i < count; i++) {
        one[i] = y[phase + i * period];
      }
      double[] smooth = Loess.smooth(one, window, 1);
      int span = Math.min(window, count);
      cycles[phase] = Loess.at(one, -1, 0, span - 1, window);
      for (int i = 0; i < count; i++) {
        cycles[phase + (i + 1) * period] = smooth[i];
      }
      cycles[phase + (count + 1) * period] = Loess.at(one, count, count - span, count - 1, window);
    }
    return cycles;
  }

  /** Means of so many points on end. */
  private static double[] average(double[] y, int length) {
    double[] means = new double[y.length - length + 1];
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] - (i >= length ? y[i - length] : 0);
      if (i >= length - 1) {
        means[i - length + 1] = sum / length;
      }
    }
    return means;
  }
}

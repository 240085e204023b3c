package io.yuntai.planner.outlook;

import java.util.ArrayList;
import java.util.List;

/** What mixed forecasts told from each month on, and what came. */
final class OutlookHistory {
  private static final int FIRST_ORIGIN = 9;
  private static final double[] LEVELS = {0.05, 0.1, 0.5, 0.9, 0.95};

  /** Quarters that were judged before their bands are. */
  private static final int LEAST_MISSES = 5;

  private final RollingTrends rolling;
  private final int months;
  private final int quarters;
  private final double[][] told;

  OutlookHistory(RollingTrends rolling, int months, int quarters) {
    this.rolling = rolling;
    this.months = months;
    this.quarters = quarters;
    this.told = new double[months][];
    for (int origin = FIRST_ORIGIN; origin < months; origin++) {
      var weighed = rolling.weigh(origin);
      if (!weighed.isEmpty()) {
        told[origin] = rolling.quarters(weighed, origin);
      }
    }
  }

  /** Logarithms of actual by forecast, by quarters ahead, as far as they were known at a month. */
  List<double[]> misses(int by) {
    List<double[]> all = new ArrayList<>();
    for (int q = 0; q < quarters; q++) {
      List<Double> misses = new ArrayList<>();
      for (int origin = FIRST_ORIGIN; origin < months; origin++) {
        if (told[origin] != null && rolling.end(origin, q) <= by) {
          misses.add(Math.log(rolling.actual(origin, q) / told[origin][q]));
        }
      }
      all.add(misses.stream().mapToDouble(Double::doubleValue).toArray());
    }
    return all;
  }

  /** Judges forecasts, and their bands by what had been missed before them. */
  OutlookScores scores(UnitCosts costs) {
    Sums sums = new Sums();
    for (int origin = FIRST_ORIGIN; origin < months; origin++) {
      if (told[origin] == null) {
        continue;
      }
      List<double[]> before = misses(origin);
      QuarterFan fan = QuarterFan.of(told[origin], before);
      for (int q = 0; q < rolling.known(origin); q++) {
        if (before.getFirst().length >= LEAST_MISSES) {
          int quarter = q;
          sums.add(
              rolling.actual(origin, q),
              told[origin][q],
              rolling.past(origin),
              level -> fan.quantile(quarter, level),
              costs);
        }
      }
    }
    return sums.scores();
  }

  private static final class Sums {
    private double error;
    private double naive;
    private double surplus;
    private double amount;
    private double crps;
    private double pinball;
    private double spent;
    private double least;
    private int inside;
    private int judged;

    private void add(
        double actual, double told, double last, Scores.Quantiles quantiles, UnitCosts costs) {
      error += Math.abs(actual - told);
      naive += Math.abs(actual - last);
      surplus += told - actual;
      amount += actual;
      crps += Scores.crps(quantiles, actual);
      for (double level : LEVELS) {
        pinball += Scores.pinball(level, quantiles.at(level), actual) / LEVELS.length;
      }
      spent += Scores.cost(quantiles, actual, costs);
      least += costs.own() * actual;
      inside += actual >= quantiles.at(0.05) && actual <= quantiles.at(0.95) ? 1 : 0;
      judged++;
    }

    private OutlookScores scores() {
      return judged == 0
          ? new OutlookScores(0, 0, 0, 0, 0, 1, 0)
          : new OutlookScores(
              error == 0 ? 0 : error / Math.max(naive, Double.MIN_NORMAL),
              surplus / amount,
              (double) inside / judged,
              crps / amount,
              pinball / amount,
              spent / least,
              judged);
    }
  }
}

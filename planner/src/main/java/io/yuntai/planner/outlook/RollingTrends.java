package io.yuntai.planner.outlook;

import io.yuntai.planner.outlook.Outlook.Weighed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What each trend would have told from each month on, made once; and what a mixture of them,
 * weighed by what was known then, would have told.
 */
final class RollingTrends {
  private static final int MONTHS = 3;

  /** Months whose forecasts are judged before anything is weighed by them. */
  private static final int LEAST_JUDGED = 3;

  private final List<Trend> trends;
  private final double[] logs;
  private final int lead;
  private final int quarters;
  private final double[][][] told;

  /**
   * Lets all trends tell.
   *
   * @param lead months between what is known and the first quarter
   */
  RollingTrends(List<Trend> trends, double[] logs, int lead, int quarters) {
    this.trends = trends;
    this.logs = logs;
    this.lead = lead;
    this.quarters = quarters;
    int months = Math.max(12, lead + MONTHS * quarters);
    this.told = new double[trends.size()][logs.length + 1][];
    for (int i = 0; i < trends.size(); i++) {
      for (int origin = trends.get(i).leastMonths(); origin <= logs.length; origin++) {
        told[i][origin] = trends.get(i).forecast(logs, origin, months);
      }
    }
  }

  /** Trends by how they would have done until a month, the heaviest first. */
  List<Weighed> weigh(int until) {
    List<TrendBacktest> judged = new ArrayList<>();
    for (int i = 0; i < trends.size(); i++) {
      if (until >= TrendBacktest.first(trends.get(i), until) + LEAST_JUDGED) {
        judged.add(TrendBacktest.of(logs, until, trends.get(i), told[i]));
      }
    }
    double sum = judged.stream().mapToDouble(RollingTrends::trust).sum();
    return judged.stream()
        .map(one -> new Weighed(one, trust(one) / sum))
        .sorted(Comparator.comparingDouble(Weighed::weight).reversed())
        .toList();
  }

  /** A trend that misses twice as far weighs a sixteenth. */
  private static double trust(TrendBacktest judged) {
    double spread = Math.max(judged.spread(), 1e-9);
    return 1 / (spread * spread);
  }

  /** Quarters that weighed trends tell from a month on. */
  double[] quarters(List<Weighed> weighed, int origin) {
    double[] sums = new double[quarters];
    for (int month = 0; month < MONTHS * quarters; month++) {
      double log = 0;
      for (Weighed one : weighed) {
        int trend = trends.indexOf(one.judged().trend());
        log += one.weight() * told[trend][origin][lead + month];
      }
      sums[month / MONTHS] += Math.exp(log);
    }
    return sums;
  }

  /** How many of the quarters after a month are known by now. */
  int known(int origin) {
    return Math.clamp((logs.length - origin - lead) / MONTHS, 0, quarters);
  }

  /** What came in a quarter after a month. */
  double actual(int origin, int quarter) {
    double sum = 0;
    for (int i = 0; i < MONTHS; i++) {
      sum += Math.exp(logs[origin + lead + MONTHS * quarter + i]);
    }
    return sum;
  }

  /** The last three months that were known. */
  double past(int origin) {
    double sum = 0;
    for (int i = 1; i <= MONTHS; i++) {
      sum += Math.exp(logs[origin - i]);
    }
    return sum;
  }

  /** Months on which a quarter after an origin ends. */
  int end(int origin, int quarter) {
    return origin + lead + MONTHS * (quarter + 1);
  }
}

package io.yuntai.planner.demand;

import io.yuntai.planner.demand.Forecaster.Mix;
import io.yuntai.planner.demand.Forecaster.Weighted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a method would have told from each midnight on, made once. The last year is looked at where
 * a series is longer.
 */
final class RollingDays {
  /** The first origin: a week, so that all methods are judged by the same hours. */
  static final int FIRST = 7 * Forecaster.DAY;

  private static final int DAY = Forecaster.DAY;
  private static final int MOST_ORIGINS = 365;

  /** Before so many days were judged all methods weigh the same. */
  private static final int LEAST_JUDGED = 3;

  private final Forecaster forecaster;
  private final double[] amounts;
  private final double[][] told;

  private RollingDays(Forecaster forecaster, double[] amounts, double[][] told) {
    this.forecaster = forecaster;
    this.amounts = amounts;
    this.told = told;
  }

  private static int first(int hours) {
    int origins = (hours - FIRST) / DAY;
    return FIRST + Math.max(0, origins - MOST_ORIGINS) * DAY;
  }

  /**
   * Lets a method tell.
   *
   * @param days ahead, as far as they are known by now
   */
  static RollingDays of(double[] amounts, Forecaster forecaster, int days) {
    int first = first(amounts.length);
    double[][] told = new double[Math.max(0, (amounts.length - first) / DAY)][];
    for (int i = 0; i < told.length; i++) {
      int origin = first + i * DAY;
      int known = Math.min(days, (amounts.length - origin) / DAY);
      told[i] = forecaster.forecast(amounts, origin, known * DAY);
    }
    return new RollingDays(forecaster, amounts, told);
  }

  /** Half of one method and half of another. */
  static RollingDays mixed(RollingDays one, RollingDays other) {
    double[][] told = new double[one.told.length][];
    for (int i = 0; i < told.length; i++) {
      double[] first = one.told[i];
      double[] second = other.told[i];
      told[i] = new double[first.length];
      Arrays.setAll(told[i], h -> (first[h] + second[h]) / 2);
    }
    return new RollingDays(new Mix(one.forecaster, other.forecaster), one.amounts, told);
  }

  /**
   * All methods by weights that each origin knew: the inverse of the square of the mean square of
   * what they had missed by until then, so that one that misses twice as far weighs a sixteenth.
   */
  static RollingDays weighted(List<RollingDays> parts) {
    RollingDays one = parts.getFirst();
    double[][] told = new double[one.told.length][];
    double[] squares = new double[parts.size()];
    List<Double> weights = List.of();
    for (int i = 0; i <= told.length; i++) {
      weights = weights(squares, i);
      if (i < told.length) {
        double[] next = new double[one.told[i].length];
        for (int j = 0; j < squares.length; j++) {
          double weight = weights.get(j);
          double[] part = parts.get(j).told[i];
          Arrays.setAll(next, h -> next[h] + weight * part[h]);
          for (int h = 0; h < DAY; h++) {
            double miss = one.actual(i, h) - part[h];
            squares[j] += miss * miss;
          }
        }
        told[i] = next;
      }
    }
    List<Forecaster> forecasters = parts.stream().map(RollingDays::forecaster).toList();
    return new RollingDays(new Weighted(forecasters, weights), one.amounts, told);
  }

  private static List<Double> weights(double[] squares, int judged) {
    double least = Arrays.stream(squares).min().orElse(0);
    List<Double> weights = new ArrayList<>();
    for (double each : squares) {
      double times = judged < LEAST_JUDGED || each <= 0 ? 1 : Math.max(least, 1e-12 * each) / each;
      weights.add(times * times);
    }
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    return weights.stream().map(weight -> weight / sum).toList();
  }

  Forecaster forecaster() {
    return forecaster;
  }

  /** How many midnights. */
  int origins() {
    return told.length;
  }

  /** How many hours were known at a midnight. */
  int origin(int i) {
    return first(amounts.length) + i * DAY;
  }

  double told(int i, int hour) {
    return told[i][hour];
  }

  double actual(int i, int hour) {
    return amounts[origin(i) + hour];
  }

  /** Actual by told amounts of a day ahead of a midnight, which must be known. */
  double[] ratios(int i, int day) {
    double[] ratios = new double[DAY];
    Arrays.setAll(ratios, h -> Fan.ratio(actual(i, day * DAY + h), told[i][day * DAY + h]));
    return ratios;
  }

  /** Ratios of all midnights by days ahead, as far as they are known. */
  List<List<double[]>> ratios() {
    List<List<double[]>> byDay = new ArrayList<>();
    int days = Arrays.stream(told).mapToInt(one -> one.length / DAY).max().orElse(0);
    for (int day = 0; day < days; day++) {
      List<double[]> ratios = new ArrayList<>();
      for (int i = 0; i < told.length; i++) {
        if (told[i].length >= (day + 1) * DAY) {
          ratios.add(ratios(i, day));
        }
      }
      byDay.add(ratios);
    }
    return byDay;
  }
}

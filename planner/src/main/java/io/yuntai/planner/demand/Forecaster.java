package io.yuntai.planner.demand;

import java.util.Arrays;
import java.util.List;

/** A way to tell the next hours from those that were. */
public sealed interface Forecaster {
  /** Hours of a day. */
  int DAY = 24;

  /** What people call it. */
  String name();

  /** The fewest hours that it needs. */
  int leastHours();

  /**
   * The next hours.
   *
   * @param past amounts, all of which may be used
   * @param until how many of them are known
   * @param hours how many to tell
   */
  double[] forecast(double[] past, int until, int hours);

  /**
   * The same hour of the last day, or week.
   *
   * @param period 24 or 168 hours
   */
  record Seasonal(int period) implements Forecaster {
    @Override
    public String name() {
      return period == DAY ? "yesterday's hour" : "last week's hour";
    }

    @Override
    public int leastHours() {
      return period;
    }

    @Override
    public double[] forecast(double[] past, int until, int hours) {
      double[] next = new double[hours];
      for (int i = 0; i < hours; i++) {
        next[i] = past[until - period + i % period];
      }
      return next;
    }
  }

  /**
   * The mean of the same hour of all days before, recent days weighing more.
   *
   * @param weight of a day by that of the day after it; between 0 and 1
   */
  record RecentDays(double weight) implements Forecaster {
    @Override
    public String name() {
      return "recent days";
    }

    @Override
    public int leastHours() {
      return DAY;
    }

    @Override
    public double[] forecast(double[] past, int until, int hours) {
      double[] next = new double[hours];
      for (int i = 0; i < Math.min(hours, DAY); i++) {
        double sum = 0;
        double weights = 0;
        double w = 1;
        for (int at = until - DAY + i; at >= 0; at -= DAY) {
          sum += w * past[at];
          weights += w;
          w *= weight;
        }
        next[i] = sum / weights;
      }
      for (int i = DAY; i < hours; i++) {
        next[i] = next[i - DAY];
      }
      return next;
    }
  }

  /** Half of one and half of another. */
  record Mix(Forecaster one, Forecaster other) implements Forecaster {
    @Override
    public String name() {
      return one.name() + " and " + other.name();
    }

    @Override
    public int leastHours() {
      return Math.max(one.leastHours(), other.leastHours());
    }

    @Override
    public double[] forecast(double[] past, int until, int hours) {
      double[] next = one.forecast(past, until, hours);
      double[] second = other.forecast(past, until, hours);
      Arrays.setAll(next, i -> (next[i] + second[i]) / 2);
      return next;
    }
  }

  /**
   * Hours of the day and of the week by MSTL, on logarithms where no hour is without anything, and
   * a trend that calms down under them.
   */
  record SeasonsAndTrend() implements Forecaster {
    private static final int WEEK = 7 * DAY;

    /** Eight weeks; what was before tells little and takes time. */
    private static final int MOST_HOURS = 8 * WEEK;

    @Override
    public String name() {
      return "days, weeks and a damped trend";
    }

    @Override
    public int leastHours() {
      return 2 * DAY + 1;
    }

    @Override
    public double[] forecast(double[] past, int until, int hours) {
      double[] y = Arrays.copyOfRange(past, Math.max(0, until - MOST_HOURS), until);
      boolean logs = Arrays.stream(y).allMatch(amount -> amount > 0);
      if (logs) {
        y = Arrays.stream(y).map(Math::log).toArray();
      }
      int[] periods = y.length > 2 * WEEK ? new int[] {DAY, WEEK} : new int[] {DAY};
      Seasons apart = Seasons.of(y, periods, Seasons.USUAL_JUMP);
      double[] plain = new double[y.length];
      Arrays.setAll(plain, t -> apart.trend()[t] + apart.rest()[t]);
      double[] next = DampedTrend.fit(plain).forecast(hours);
      for (int i = 0; i < periods.length; i++) {
        double[] season = apart.seasons()[i];
        for (int h = 0; h < hours; h++) {
          next[h] += season[season.length - periods[i] + h % periods[i]];
        }
      }
      return Arrays.stream(next).map(v -> logs ? Math.exp(v) : Math.max(0, v)).toArray();
    }
  }

  /**
   * All of some, each by a weight.
   *
   * @param weights add up to 1
   */
  record Weighted(List<Forecaster> parts, List<Double> weights) implements Forecaster {
    /** Copies. */
    public Weighted {
      parts = List.copyOf(parts);
      weights = List.copyOf(weights);
    }

    @Override
    public String name() {
      return "all by weight";
    }

    @Override
    public int leastHours() {
      return parts.stream().mapToInt(Forecaster::leastHours).max().orElse(0);
    }

    @Override
    public double[] forecast(double[] past, int until, int hours) {
      double[] next = new double[hours];
      for (int i = 0; i < parts.size(); i++) {
        double[] one = parts.get(i).forecast(past, until, hours);
        double weight = weights.get(i);
        Arrays.setAll(next, h -> next[h] + weight * one[h]);
      }
      return next;
    }
  }
}

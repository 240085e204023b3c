package io.yuntai.planner.demand;

import java.util.Arrays;

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
}

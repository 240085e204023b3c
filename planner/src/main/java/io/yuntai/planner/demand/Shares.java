package io.yuntai.planner.demand;

import java.util.Arrays;

/**
 * The share of a whole that a part has, hour by hour of the day, recent days weighing more: for
 * what is too young to be told by itself, as a model that others move to, or that is withdrawn.
 * Shares of all parts add up to 1, so that what is told of them adds up to what is told of the
 * whole.
 */
final class Shares {
  private static final int DAY = Forecaster.DAY;
  private static final double WEIGHT = 0.6;
  private static final int MOST_DAYS = 14;

  private Shares() {}

  /**
   * What a part has of a whole in the next hours; the whole is told by its recent days.
   *
   * @param until how many hours are known
   */
  static double[] of(double[] whole, double[] part, int until, int hours) {
    double[] next = new Forecaster.RecentDays(WEIGHT).forecast(whole, until, hours);
    double[] shares = new double[DAY];
    for (int h = 0; h < DAY; h++) {
      double parts = 0;
      double wholes = 0;
      double weight = 1;
      for (int day = 1; day <= MOST_DAYS && until - day * DAY >= 0; day++) {
        parts += weight * part[until - day * DAY + h];
        wholes += weight * whole[until - day * DAY + h];
        weight *= WEIGHT;
      }
      shares[h] = wholes > 0 ? parts / wholes : 0;
    }
    Arrays.setAll(next, h -> next[h] * shares[h % DAY]);
    return next;
  }
}

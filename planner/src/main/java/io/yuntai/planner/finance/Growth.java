package io.yuntai.planner.finance;

import io.yuntai.planner.PlannerException;

/** Growth as rates for a time. */
public final class Growth {
  private Growth() {}

  /**
   * The rate for one time at which one amount becomes another in so many times.
   *
   * @return 0.1 for 10 %
   */
  public static double rate(double from, double to, double times) {
    if (!(from > 0 && to > 0 && times > 0)) {
      throw new PlannerException(
          "Growth from %s to %s in %s can't be told; all must be above 0."
              .formatted(from, to, times));
    }
    return Math.pow(to / from, 1 / times) - 1;
  }

  /**
   * By what a quantity is multiplied whose growth calms down: the logarithmic growth of quarter t
   * is {@code end + (start - end) damping^t}.
   *
   * @param start logarithmic growth a quarter now
   * @param end logarithmic growth a quarter in the far future
   * @param damping 0 to 1; 1 never calms down
   */
  public static double damped(double start, double end, double damping, int quarters) {
    if (damping < 0 || damping > 1 || quarters < 0) {
      throw new PlannerException(
          "Damping is 0 to 1 and quarters 0 or more, not %s and %d.".formatted(damping, quarters));
    }
    double sum = 0;
    double power = 1;
    for (int t = 0; t < quarters; t++) {
      power *= damping;
      sum += end + (start - end) * power;
    }
    return Math.exp(sum);
  }
}

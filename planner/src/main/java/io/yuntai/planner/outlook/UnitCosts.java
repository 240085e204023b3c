package io.yuntai.planner.outlook;

import io.yuntai.planner.PlannerException;

/**
 * What capacity costs, for valuing what a forecast missed.
 *
 * @param own of a unit of one's own, used or not
 * @param rent of a unit that is rented when it is needed; above {@code own}
 */
public record UnitCosts(double own, double rent) {
  /** Checks the ranges. */
  public UnitCosts {
    if (!(own > 0 && rent > own && Double.isFinite(rent))) {
      throw new PlannerException(
          "Where a unit of one's own costs %s and a rented one %s, nobody would build."
              .formatted(own, rent));
    }
  }

  /** The quantile of demand up to which one more unit of one's own pays. */
  public double level() {
    return 1 - own / rent;
  }
}

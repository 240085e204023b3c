package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Outcome;

/** What came of a search, before it is a plan. */
sealed interface Sought {
  /**
   * A point that keeps every limit.
   *
   * @param bound that no point's cost is below
   */
  record Point(Found found, double bound) implements Sought {}

  /** No point. */
  record None(Outcome why) implements Sought {}
}

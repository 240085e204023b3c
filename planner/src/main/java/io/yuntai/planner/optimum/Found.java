package io.yuntai.planner.optimum;

/**
 * A point that keeps every limit, losses of sites included.
 *
 * @param plan of whose program it is a point
 * @param prices of the program's rows, with whole numbers as they are; empty where not known
 */
@SuppressWarnings("ArrayRecordComponent")
record Found(PlanProgram plan, double[] x, double[] prices) {
  double cost() {
    return plan.program().costOf(x);
  }
}

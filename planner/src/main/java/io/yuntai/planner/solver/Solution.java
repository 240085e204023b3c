package io.yuntai.planner.solver;

/**
 * What a solver found.
 *
 * @param cost of the point; infinite where there is none
 * @param bound that no point's cost is below
 * @param x the point; empty where there is none
 * @param rowPrices by how much the cost rises with a row's limit; empty for programs with whole
 *     numbers
 * @param iterations that it took
 * @param guarded whether the guard on time ended it, so that another machine may find otherwise
 */
@SuppressWarnings("ArrayRecordComponent")
public record Solution(
    Status status,
    double cost,
    double bound,
    double[] x,
    double[] rowPrices,
    long iterations,
    boolean guarded) {
  /** What is proven. */
  public enum Status {
    /** The point is best, within the gap that was asked for. */
    OPTIMAL,
    /** The point is feasible. */
    FEASIBLE,
    /** There is no point. */
    INFEASIBLE,
    /** Points cost less than any number. */
    UNBOUNDED,
    /** A limit came first, without a point. */
    NOTHING
  }

  private static final double[] NONE = {};

  /** Without a point. */
  public static Solution without(Status status, double bound, long iterations, boolean guarded) {
    return new Solution(status, Double.POSITIVE_INFINITY, bound, NONE, NONE, iterations, guarded);
  }

  /** Whether there is a point. */
  public boolean hasPoint() {
    return status == Status.OPTIMAL || status == Status.FEASIBLE;
  }
}

package io.yuntai.planner.plan;

/**
 * How much work is put into a plan. The same inputs, seed and effort give the same plan, as long as
 * the time limit, which is a guard, is not met.
 *
 * @param gap at which a plan is good enough; 0.01 for 1 %
 * @param work a number that limits nodes and iterations; 1 is usual, 4 is four times as much
 * @param secondsGuard after which the best plan so far is taken
 * @param seed of all that is random
 */
public record Effort(double gap, double work, double secondsGuard, long seed) {
  /** Checks the ranges. */
  public Effort {
    Cells.range("gap", gap, 0, 1);
    Cells.range("work", work, 0.01, 1000);
    Cells.range("secondsGuard", secondsGuard, 0.1, 1e6);
  }

  /** To 1 %. */
  public static Effort usual() {
    return new Effort(0.01, 1, 600, 1);
  }

  /** As far as it goes, for small plans. */
  public static Effort exact() {
    return new Effort(0, 100, 600, 1);
  }
}

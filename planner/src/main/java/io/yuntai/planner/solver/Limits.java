package io.yuntai.planner.solver;

import org.jspecify.annotations.Nullable;

/**
 * When a solver ends.
 *
 * @param gap between best point and bound, relative, at which it may
 * @param iterations of the simplex method
 * @param nodes of the tree
 * @param secondsGuard after which it must; where this is met the result depends on the machine
 * @param seed of what it draws
 * @param start a point to begin with; null for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Limits(
    double gap,
    long iterations,
    long nodes,
    double secondsGuard,
    long seed,
    double @Nullable [] start) {
  /** To the end, within a guard. */
  public static Limits none() {
    return new Limits(0, 10_000_000, 10_000_000, 600, 1, null);
  }

  /** With another guard. */
  public Limits withGuard(double seconds) {
    return new Limits(gap, iterations, nodes, seconds, seed, start);
  }

  /** With another limit on nodes. */
  public Limits withNodes(long other) {
    return new Limits(gap, iterations, other, secondsGuard, seed, start);
  }

  /** With another gap. */
  public Limits withGap(double other) {
    return new Limits(other, iterations, nodes, secondsGuard, seed, start);
  }

  /** With a point to begin with. */
  public Limits startingAt(double @Nullable [] point) {
    return new Limits(gap, iterations, nodes, secondsGuard, seed, point);
  }
}

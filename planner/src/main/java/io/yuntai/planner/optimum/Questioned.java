package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;

/**
 * A plan of which is asked why it is so and what else could be, and what answers are found with.
 */
record Questioned(Plan plan, Settled settled, Solvers solvers, Limits limits) {
  static Questioned of(Plan plan, Solvers solvers, Limits limits) {
    return new Questioned(plan, Settled.of(plan, solvers, limits), solvers, limits);
  }

  LinearProgram program() {
    return settled.program().program();
  }

  /** The plan's own point. */
  double[] point() {
    return settled.solution().x();
  }

  /** Whether other plans can't be had, but only those with the same halls. */
  boolean isLarge() {
    return Search.isLarge(program());
  }

  Solution solve(LinearProgram other) {
    return solvers.solve(other, limits);
  }

  /** The same, beginning with the plan's own point. */
  Solution solveFromHere(LinearProgram other) {
    return solvers.solve(other, limits.startingAt(point()));
  }
}

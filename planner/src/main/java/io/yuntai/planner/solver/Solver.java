package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;

/** Solves linear programs, with whole numbers or without. */
public interface Solver {
  /** With its version. */
  String name();

  /**
   * Solves.
   *
   * @throws SolverFailure when it broke: crashed, met its guard without an answer, or can't be had
   */
  Solution solve(LinearProgram program, Limits limits);
}

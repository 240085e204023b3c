package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solver;
import io.yuntai.planner.solver.SolverFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which solver a program goes to: small ones to our own, others to OR-Tools while it works. */
final class Solvers {
  private static final int SMALL_ROWS = 1500;
  private static final int SMALL_WHOLE = 150;
  private static final int MOST_FAILURES = 2;

  private final OwnSolver own = new OwnSolver();
  private @Nullable Solver large;
  private final List<String> notes = new ArrayList<>();
  private boolean largeUsed;
  private int failures;

  Solvers(@Nullable Solver large) {
    this.large = large;
    if (large == null) {
      notes.add(
          "OR-Tools is not there for this machine: large plans were solved by Yuntai's own solver, which takes longer and proves less.");
    }
  }

  static boolean isSmall(LinearProgram program) {
    return program.rowCount() <= SMALL_ROWS && program.wholeColumns() <= SMALL_WHOLE;
  }

  /**
   * Solves; where OR-Tools breaks off it is asked once more, in a new process, and then our own
   * takes over, for this search. Notes say so.
   */
  Solution solve(LinearProgram program, Limits limits) {
    for (Solver other = large; !isSmall(program) && other != null; other = large) {
      try {
        Solution solution = other.solve(program, limits);
        largeUsed = true;
        return solution;
      } catch (SolverFailure e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        notes.add(e.sentence());
        large = ++failures < MOST_FAILURES ? other : null;
      }
    }
    return own.solve(program, limits);
  }

  /** What was used. */
  String name() {
    Solver other = large;
    return largeUsed && other != null ? other.name() : own.name();
  }

  /** What a reader must know of the solvers. */
  List<String> notes(LinearProgram program) {
    return isSmall(program) ? List.of() : List.copyOf(notes);
  }
}

package io.yuntai.planner.plan;

import java.util.List;

/** What came of planning. */
public sealed interface Outcome {
  /** A plan that is feasible and has a bound. */
  record Planned(Plan plan) implements Outcome {}

  /**
   * No plan can follow all limits.
   *
   * @param relax a smallest set of limits without which there is one; dearest first
   */
  record Infeasible(List<Relaxation> relax, String sentence) implements Outcome {
    /** Copies. */
    public Infeasible {
      relax = List.copyOf(relax);
    }
  }

  /** No plan was found, and that none exists was not proven either. */
  record Unsolved(String sentence) implements Outcome {}

  /**
   * A limit that stands in the way.
   *
   * @param limit its name
   * @param by how much of it is missing at least
   */
  record Relaxation(String limit, String unit, double by) {}
}

package io.yuntai.planner.solver;

/** A solver that gave no answer; the message is a sentence for the user. */
public final class SolverFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param sentence says what happened, and what to do
   */
  public SolverFailure(String sentence) {
    super(sentence);
  }

  /** For the user. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}

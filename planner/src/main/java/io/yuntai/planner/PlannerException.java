package io.yuntai.planner;

/** Something that a plan was given can't be; the message is a sentence that says how to mend it. */
public final class PlannerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param sentence names the value at fault, and the mend
   */
  public PlannerException(String sentence) {
    super(sentence);
  }

  /** For the user: what is wrong, and the mend. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}

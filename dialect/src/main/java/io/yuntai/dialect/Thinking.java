package io.yuntai.dialect;

import java.util.OptionalInt;

/** Whether a model thinks before it answers. */
public sealed interface Thinking {
  /** As the model does by itself. */
  Thinking DEFAULT = new Default();

  /** As the model does by itself. */
  record Default() implements Thinking {}

  /** It answers at once, where its template knows how. */
  record Off() implements Thinking {}

  /**
   * It thinks, where its template knows how.
   *
   * @param effort how hard
   * @param budgetTokens most tokens of thoughts, at least 1; absent for no bound of their own
   */
  record On(Effort effort, OptionalInt budgetTokens) implements Thinking {}

  /** How hard a model thinks, for those that can tell the difference. */
  enum Effort {
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    /** Nothing is said. */
    UNSPECIFIED
  }
}

package io.yuntai.engine.sampling;

/**
 * The repetition penalty (N. Keskar et al., "CTRL", 2019, section 4.1): makes tokens that have
 * occurred, in the prompt or in the answer, less likely by a factor on their logits.
 *
 * @param penalty a logit above 0 is divided by it, another one multiplied; 0.01 to 100. Above 1
 *     repetitions become rarer, below 1 they become likelier, 1 changes nothing
 * @param lastTokens only tokens among so many last ones count; 0 for all of prompt and answer
 */
public record Repetition(double penalty, int lastTokens) {
  /** Changes nothing. */
  public static final Repetition NONE = new Repetition(1, 0);

  /** Checks ranges. */
  public Repetition {
    if (!(penalty >= 0.01 && penalty <= 100)) {
      throw new IllegalArgumentException("repetition_penalty must be between 0.01 and 100");
    }
    if (lastTokens < 0) {
      throw new IllegalArgumentException("the tokens that repetition counts must be 0 or more");
    }
  }

  /** Whether it changes nothing. */
  boolean isNone() {
    return penalty == 1;
  }

  /** A penalised logit, computed in double and rounded once to F32. */
  float applied(float logit) {
    return (float) (logit > 0 ? logit / penalty : logit * penalty);
  }
}

package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;

/**
 * Requests of one kind.
 *
 * @param inputTokens mean of a prompt
 * @param cachedShare of these found in a cache; 0 to 1
 * @param outputTokens mean of an answer; at least 1
 * @param secondsPerToken the slowest that an answer may come, for each token
 */
public record RequestClass(
    double inputTokens, double cachedShare, double outputTokens, double secondsPerToken) {
  /** Checks the ranges. */
  public RequestClass {
    check(inputTokens >= 1, "A prompt has one token at least, not %s.", inputTokens);
    check(cachedShare >= 0 && cachedShare <= 1, "A share is 0 to 1, not %s.", cachedShare);
    check(outputTokens >= 1, "An answer has one token at least, not %s.", outputTokens);
    check(secondsPerToken > 0, "A token takes some time, not %s seconds.", secondsPerToken);
  }

  private static void check(boolean holds, String sentence, double value) {
    if (!holds || !Double.isFinite(value)) {
      throw new PlannerException(sentence.formatted(value));
    }
  }

  /** What a sequence keeps in memory on the average: its prompt and half its answer. */
  public double contextTokens() {
    return inputTokens + outputTokens / 2;
  }

  /** Tokens of a prompt that are computed. */
  public double computedInput() {
    return inputTokens * (1 - cachedShare);
  }
}

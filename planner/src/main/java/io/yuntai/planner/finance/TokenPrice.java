package io.yuntai.planner.finance;

import io.yuntai.planner.PlannerException;

/**
 * What an API asks for a million tokens.
 *
 * @param input read
 * @param cached read, and known before
 * @param output written
 */
public record TokenPrice(double input, double cached, double output) {
  private static final double MILLION = 1e6;

  /** Checks the ranges. */
  public TokenPrice {
    if (!(input >= 0 && cached >= 0 && output >= 0 && input + output > 0)) {
      throw new PlannerException(
          "Prices of tokens are 0 or more, not %s, %s and %s.".formatted(input, cached, output));
    }
  }

  /** What so many tokens cost. */
  public double of(double inputTokens, double cachedTokens, double outputTokens) {
    return (inputTokens * input + cachedTokens * cached + outputTokens * output) / MILLION;
  }

  /**
   * The output tokens that a sum pays, where so many are read for each written.
   *
   * @param cachedShare of those read
   */
  public double outputTokensFor(double sum, double inputPerOutput, double cachedShare) {
    double read = inputPerOutput * (1 - cachedShare);
    return sum / of(read, inputPerOutput * cachedShare, 1);
  }
}

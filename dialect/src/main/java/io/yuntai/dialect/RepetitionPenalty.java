package io.yuntai.dialect;

/**
 * Makes tokens that have occurred, in the prompt or in the answer, less likely by a factor.
 *
 * @param factor 0.01 to 100; 1 changes nothing
 * @param lastTokens only tokens among so many last ones count; 0 for all
 */
public record RepetitionPenalty(double factor, int lastTokens) {
  /** The range that the dialects' codecs check. */
  public static final double MIN_FACTOR = 0.01;

  /** The range that the dialects' codecs check. */
  public static final double MAX_FACTOR = 100;

  /** Changes nothing. */
  public static final RepetitionPenalty NONE = new RepetitionPenalty(1, 0);

  /** Over prompt and answer. */
  public static RepetitionPenalty of(double factor) {
    return factor == 1 ? NONE : new RepetitionPenalty(factor, 0);
  }

  /** Whether it changes nothing. */
  public boolean isNone() {
    return factor == 1;
  }
}

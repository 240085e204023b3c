package io.yuntai.engine.speculation;

/**
 * How often the token behind a match of some length was right lately, per class of lengths. A
 * moving average: an answer may quote for a while and then talk.
 */
final class MatchChances {
  private static final double RATE = 1.0 / 12;

  /** The greatest length of each class but the last. */
  private static final int[] GREATEST = {1, 2, 3, 4, 6, 9};

  // What is assumed at first: what code-editing answers showed on average (see the benchmark).
  private final double[] chances = {0.35, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9};

  void record(int length, boolean right) {
    int at = classOf(length);
    chances[at] += RATE * ((right ? 1 : 0) - chances[at]);
  }

  double of(int length) {
    return chances[classOf(length)];
  }

  private static int classOf(int length) {
    int at = 0;
    while (at < GREATEST.length && length > GREATEST[at]) {
      at++;
    }
    return at;
  }
}

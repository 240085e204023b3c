package io.yuntai.engine.sampling;

import java.util.Arrays;

/**
 * The tokens of one row in order of rank (logit descending, then id ascending), sorted only as far
 * as somebody looks.
 *
 * <p>Rank 0 has weight 1; the token with logit {@code a} has {@code StrictMath.exp((a - best) /
 * temperature)}. {@link #running} is the sum of weights in order of rank, in double: that sum is
 * the definition of every probability here. Tokens with a logit of negative infinity are no
 * candidates.
 *
 * <p>A vocabulary of 151,936 tokens takes 10 to 20 ms to sort and 2.5 ms for its StrictMath.exp
 * alone, so ranks are gathered in bands of falling logits, each twice as wide as the last, and the
 * sum over all ranks is first bounded by a fast exponential and computed only when those bounds
 * leave a decision open (about once in ten million draws).
 */
final class RankedCandidates {
  /**
   * Relative distance between {@link #estimateTotal} and the exact sum, at most: 2e-10 from the
   * polynomial, 1e-10 from rounding over a million tokens; with a wide margin.
   */
  private static final double ESTIMATE_ERROR = 1e-8;

  private static final double FIRST_BAND_TEMPERATURES = 4;
  private static final double FIRST_BAND_MIN = 0.25;

  // A key's order as a long is the order of rank: upper half the logit, lower half the id.
  private final long[] keys;
  private final double[] running;

  private float[] logits = {};
  private int rowSize;
  private double best;
  private double temperature = 1;
  private int size;
  private int gathered;
  private int summed;
  private double bandFloor;
  private double bandWidth;

  RankedCandidates(int vocabularySize) {
    this.keys = new long[vocabularySize];
    this.running = new double[vocabularySize];
  }

  /**
   * Starts on a new row.
   *
   * @param row logits, none of them NaN or positive infinity; kept until the next call
   * @param length how many of them count, at most the vocabulary's size
   * @param bestLogit its largest
   * @param rowTemperature above 0
   */
  void reset(float[] row, int length, float bestLogit, double rowTemperature) {
    logits = row;
    rowSize = length;
    best = bestLogit;
    temperature = rowTemperature;
    gathered = 0;
    summed = 0;
    bandFloor = Double.POSITIVE_INFINITY;
    bandWidth = Math.max(FIRST_BAND_TEMPERATURES * rowTemperature, FIRST_BAND_MIN);
    int candidates = 0;
    for (int id = 0; id < rowSize; id++) {
      candidates += row[id] == Float.NEGATIVE_INFINITY ? 0 : 1;
    }
    size = candidates;
  }

  /** Number of candidates. */
  int size() {
    return size;
  }

  /** The token of a rank below {@link #size()}. */
  int id(int rank) {
    gather(rank);
    return (int) keys[rank];
  }

  /** The weight of a rank below {@link #size()}. */
  double weight(int rank) {
    gather(rank);
    return StrictMath.exp((fromSortable(~(int) (keys[rank] >> 32)) - best) / temperature);
  }

  /** The sum of the weights of ranks 0 to {@code rank}, added in this order. */
  double running(int rank) {
    while (summed <= rank) {
      double weight = weight(summed);
      running[summed] = summed == 0 ? weight : running[summed - 1] + weight;
      summed++;
    }
    return running[rank];
  }

  /**
   * The first rank whose running sum reaches a fraction of the sum over all of the first {@code
   * count} ranks; the last of them if rounding keeps all below.
   *
   * @param fraction 0 to 1
   * @param count at least 1, at most {@link #size()}
   * @param exceed whether the sum must exceed the fraction instead of reaching it
   */
  int firstReaching(double fraction, int count, boolean exceed) {
    if (count == size && summed < size) {
      double estimate = estimateTotal();
      int rank =
          firstBetween(
              fraction * (estimate * (1 - ESTIMATE_ERROR)),
              fraction * (estimate * (1 + ESTIMATE_ERROR)),
              count,
              exceed);
      if (rank >= 0) {
        return rank;
      }
    }
    double target = fraction * running(count - 1);
    int rank = firstBetween(target, target, count, exceed);
    return rank >= 0 ? rank : count - 1;
  }

  /**
   * The first rank that reaches any target between two bounds, or -1 where the answer depends on
   * which target it is.
   */
  private int firstBetween(double low, double high, int count, boolean exceed) {
    for (int rank = 0; rank < count; rank++) {
      double sum = running(rank);
      if (exceed ? sum > low : sum >= low) {
        return (exceed ? sum > high : sum >= high) ? rank : -1;
      }
    }
    return -1;
  }

  /** Sorts at least up to a rank. */
  private void gather(int rank) {
    while (gathered <= rank) {
      double ceiling = bandFloor;
      bandFloor = best - bandWidth;
      bandWidth *= 2;
      int from = gathered;
      for (int id = 0; id < rowSize; id++) {
        float logit = logits[id];
        if (logit >= bandFloor && logit < ceiling && logit != Float.NEGATIVE_INFINITY) {
          keys[gathered++] = (long) ~toSortable(logit) << 32 | id;
        }
      }
      Arrays.sort(keys, from, gathered);
    }
  }

  /**
   * The sum of all weights by an exponential that is fast instead of exact: 2^n times a polynomial
   * of degree 8 (Taylor's; |f ln 2| is at most 0.3466, so what is left out is below 2e-10).
   */
  double estimateTotal() {
    double scale = 1 / (temperature * StrictMath.log(2));
    double sum = 0;
    for (int id = 0; id < rowSize; id++) {
      // Below 2^-1000 a weight is nothing beside rank 0's.
      double y = Math.max((logits[id] - best) * scale, -1000);
      double n = Math.rint(y);
      double f = (y - n) * 0.6931471805599453;
      double p = 1.0 / 40320;
      p = Math.fma(p, f, 1.0 / 5040);
      p = Math.fma(p, f, 1.0 / 720);
      p = Math.fma(p, f, 1.0 / 120);
      p = Math.fma(p, f, 1.0 / 24);
      p = Math.fma(p, f, 1.0 / 6);
      p = Math.fma(p, f, 0.5);
      p = Math.fma(p, f, 1);
      p = Math.fma(p, f, 1);
      sum += p * Double.longBitsToDouble((long) ((int) n + 1023) << 52);
    }
    return sum;
  }

  /** A float's bits as an int of the same order; both zeros are one. */
  private static int toSortable(float value) {
    int bits = Float.floatToRawIntBits(value + 0.0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static float fromSortable(int sortable) {
    return Float.intBitsToFloat(sortable ^ (sortable >> 31 & Integer.MAX_VALUE));
  }
}

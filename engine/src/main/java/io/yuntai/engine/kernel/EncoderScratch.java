package io.yuntai.engine.kernel;

/** Working memory of one thread for {@link EncoderKernels}. */
public final class EncoderScratch {
  /** Queries that share what is read of keys and values. */
  static final int QUERIES = 4;

  /** Positions of one block. */
  static final int BLOCK = 32;

  /** A head's keys: per block of 32 positions, per element, 32 positions. */
  final float[] keys;

  /** Scores, then probabilities: per query 32 positions. */
  final float[] scores = new float[QUERIES * BLOCK];

  /** Sums of values so far: per query the head's elements. */
  final float[] sums;

  final float[] maxima = new float[QUERIES];
  final float[] totals = new float[QUERIES];
  final float[] tree = new float[BLOCK];

  /**
   * @param maxTokens most tokens of a sequence
   * @param headLength elements of a head
   */
  public EncoderScratch(int maxTokens, int headLength) {
    keys = new float[Math.ceilDiv(maxTokens, BLOCK) * BLOCK * headLength];
    sums = new float[QUERIES * headLength];
  }
}

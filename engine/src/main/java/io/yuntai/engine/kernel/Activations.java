package io.yuntai.engine.kernel;

import java.util.Arrays;

/**
 * The inputs of a matrix product: the rows of a batch, laid out for the kernels.
 *
 * <p>Tokens are taken in bundles of {@link #width()}; the values of one column for all tokens of a
 * bundle stand side by side, so that a kernel walks through a bundle once from start to end. For
 * quantised weights each 32-wide block of a token becomes integer codes in [-127, 127] times one
 * scale (see {@link Kernels#quantize}); codes are held as F32, in which sums of products with
 * weight codes are exact (|sum| stays below 2^24), and for a single token also as 16-bit integers.
 */
public final class Activations {
  /** Columns that share one scale. */
  public static final int BLOCK = 32;

  /** Columns of one partial sum of codes. */
  public static final int SUM_COLUMNS = 16;

  /** Tokens of one bundle when there are several. */
  public static final int BUNDLE = 8;

  private final int maxTokens;
  private final int columns;
  private final boolean quantized;
  private int tokens;

  final float[] values;
  final float[] scales;
  final float[] sums;
  final short[] codes;

  /**
   * @param maxTokens most tokens it will hold
   * @param columns columns of the matrices it is multiplied with
   * @param quantized whether tokens are stored by {@link Kernels#quantize}; otherwise by {@link
   *     Kernels#copy}, and all scales are 1
   */
  public Activations(int maxTokens, int columns, boolean quantized) {
    this.maxTokens = maxTokens;
    this.columns = columns;
    this.quantized = quantized;
    int padded = (maxTokens + BUNDLE - 1) / BUNDLE * BUNDLE;
    values = new float[Math.multiplyExact(padded, columns)];
    scales = new float[padded * Math.ceilDiv(columns, BLOCK)];
    sums = new float[padded * Math.ceilDiv(columns, SUM_COLUMNS)];
    codes = new short[quantized ? columns : 0];
    if (!quantized) {
      Arrays.fill(scales, 1);
    }
  }

  /** Sets how many tokens follow; clears what a short last bundle would otherwise leave over. */
  public void resize(int newTokens) {
    if (newTokens < 1 || newTokens > maxTokens) {
      throw new IllegalArgumentException(newTokens + " tokens, room for " + maxTokens);
    }
    tokens = newTokens;
    if (width() > 1 && newTokens % BUNDLE != 0) {
      int from = newTokens / BUNDLE;
      clear(values, from, columns);
      clear(sums, from, Math.ceilDiv(columns, SUM_COLUMNS));
    }
  }

  private static void clear(float[] array, int bundle, int perToken) {
    Arrays.fill(array, bundle * perToken * BUNDLE, (bundle + 1) * perToken * BUNDLE, 0);
  }

  /** Whether tokens are integer codes times a scale. */
  public boolean quantized() {
    return quantized;
  }

  /** Number of tokens. */
  public int tokens() {
    return tokens;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** Tokens that stand side by side: 1 for a single token, else {@link #BUNDLE}. */
  public int width() {
    return tokens == 1 ? 1 : BUNDLE;
  }

  /** Number of bundles. */
  public int bundles() {
    return (tokens + width() - 1) / width();
  }

  /**
   * Index in {@code values} of a token's first column; the next columns follow at {@link #width()}.
   */
  int valueIndex(int token) {
    return index(token, columns);
  }

  /** Index in {@code scales} of a token's first block. */
  int scaleIndex(int token) {
    return index(token, Math.ceilDiv(columns, BLOCK));
  }

  /** Index in {@code sums} of a token's first partial sum. */
  int sumIndex(int token) {
    return index(token, Math.ceilDiv(columns, SUM_COLUMNS));
  }

  private int index(int token, int perToken) {
    int width = width();
    return token / width * perToken * width + token % width;
  }
}

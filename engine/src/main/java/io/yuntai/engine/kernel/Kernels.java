package io.yuntai.engine.kernel;

/**
 * The operations that a decoder is made of. {@link ScalarKernels} defines every result; any other
 * implementation gives the same bits (docs/decisions/001-numeric-contract.md).
 *
 * <p>Implementations hold no state of their own and may be used by many threads; scratch memory
 * comes in.
 */
public interface Kernels {
  /** What status and logs call it, such as {@code vector-512}. */
  String name();

  /** {@link #store(float[], int, Activations, int, int, int, KernelScratch)} of all columns. */
  default void store(float[] x, int offset, Activations to, int token, KernelScratch scratch) {
    store(x, offset, to, token, 0, to.groups(), scratch);
  }

  /**
   * Stores some columns of one token in the form that {@code to} has. For codes, per 32 columns:
   * {@code scale = max|x| / maxCode} in F32 and {@code code = clamp(roundHalfEven(x / scale),
   * -maxCode, maxCode)}; columns whose scale is 0 give zeros.
   *
   * @param x the columns' values, from {@code offset}
   * @param firstGroup the first group of {@link Activations#GROUP} columns
   * @param groups how many; the last of all may be short
   */
  void store(
      float[] x,
      int offset,
      Activations to,
      int token,
      int firstGroup,
      int groups,
      KernelScratch scratch);

  /**
   * {@link #store(float[], int, Activations, int, int, int, KernelScratch)} of all tokens.
   *
   * @param offset where the first token's columns start
   * @param stride from there to the next token's
   */
  default void storeRows(
      float[] x,
      int offset,
      int stride,
      Activations to,
      int firstGroup,
      int groups,
      KernelScratch scratch) {
    for (int token = 0; token < to.tokens(); token++) {
      store(x, offset + token * stride, to, token, firstGroup, groups, scratch);
    }
  }

  /**
   * Rows of tiles times all tokens: {@code out[outOffset + token * outStride + row]}.
   *
   * <p>Block-quantised weights: let k be {@link PackedMatrix#codeShift}. For row r and token t:
   * {@code acc = 0}; for each group g in order {@code acc = fma(dot(r, t, g), scale(r, g) *
   * scale(t, g), acc)}, and where the format has a minimum {@code acc = fma(min(r, g), sum(t, g),
   * acc)}. {@code dot} is the exact integer sum of products of 2^k times the weight's codes with
   * the token's codes, rounded once to F32; {@code scale(r, g)} is 2^-k times the weight's scale;
   * {@code sum} is the token's scale times its sum of codes.
   *
   * <p>F16, BF16 and F32 weights: for each 32 columns in order {@code acc = acc + dot}, where
   * {@code dot} is a chain of fma over the columns in order, starting from 0.
   *
   * @param firstTile first tile of 32 rows
   * @param tiles how many
   * @param scratch this thread's
   */
  void multiply(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch);

  /**
   * {@code y = x * 1/sqrt(mean(x^2) + epsilon) * weight}. The sum of squares is kept in 16 partial
   * sums (element i in partial i mod 16, each a chain of fma) that are added as a tree: i + 8, i +
   * 4, i + 2, i + 1.
   */
  void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] y,
      int yOffset,
      int length,
      KernelScratch scratch);

  /** {@code x = x + y}, element by element. */
  void add(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@link #add} for rows of elements that stand so far apart. */
  default void addRows(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int length) {
    for (int row = 0; row < rows; row++) {
      add(x, xOffset + row * xStride, y, yOffset + row * yStride, length);
    }
  }

  /** {@code x = fma(y, factor, x)}, element by element. */
  void addScaled(float[] x, int xOffset, float[] y, int yOffset, float factor, int length);

  /**
   * The sum of products, in 16 partial sums (element i in partial i mod 16, each a chain of fma)
   * that are added as a tree: i + 8, i + 4, i + 2, i + 1.
   */
  float dot(float[] x, int xOffset, float[] y, int yOffset, int length, KernelScratch scratch);

  /** {@code gate = gate / (1 + exp(-gate)) * up}, element by element, with {@link Exponential}. */
  void swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch);

  /**
   * {@code gate = gelu(gate) * up}, element by element, with the approximation {@code gelu(x) = x /
   * (1 + exp(-2u))}, {@code u = sqrt(2/pi) (x + 0.044715 x^3)}, which is the usual one by a
   * hyperbolic tangent: {@code -2u = fma(x^2, {@link Exponential#GELU_CUBIC}, {@link
   * Exponential#GELU_LINEAR}) * x}.
   */
  void geglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch);

  /**
   * Rotates pairs (a, b) of elements of some heads in place: {@code a' = fma(a, cos, -(b sin))},
   * {@code b' = fma(a, sin, b cos)}.
   *
   * @param x heads of {@code headLength} elements, one after the other from {@code offset}
   * @param adjacent whether pair i is elements 2 i and 2 i + 1; otherwise i and i + {@code pairs}
   * @param pairs how many pairs of each head are rotated
   * @param cosines from {@code row} the cosine of each pair's angle
   * @param sines likewise the sines
   */
  void rotate(
      float[] x,
      int offset,
      int heads,
      int headLength,
      boolean adjacent,
      int pairs,
      float[] cosines,
      float[] sines,
      int row);

  /**
   * Attention of the query heads that share one key-value head, for a run of tokens at consecutive
   * positions of one sequence: each token by itself, block after block of 32 positions at fixed
   * absolute places with online softmax, from the first block in which it sees a position.
   *
   * <p>A score is a chain of fma over the head's elements, then times the run's scale. Per block:
   * {@code m' = max(m, block maximum)}, {@code c = exp(m - m')}, {@code p = exp(score - m')},
   * {@code l = fma(l, c, tree sum of p)} (positions that it does not see count 0), {@code o = o *
   * c} and then a chain of fma over the positions that it sees. The result is {@code o / l}.
   */
  void attention(AttentionRun run, KernelScratch scratch);

  /**
   * Stores one position's key and value of one head, as {@link KvCache#write} defines it.
   *
   * @param scratch this thread's
   */
  default void keep(
      KvCache cache,
      int block,
      int slot,
      int layer,
      int head,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset,
      KernelScratch scratch) {
    cache.write(block, slot, layer, head, key, keyOffset, value, valueOffset);
  }
}

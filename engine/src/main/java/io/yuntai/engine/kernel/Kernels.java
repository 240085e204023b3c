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

  /**
   * Quantises one token: per 32 columns {@code scale = max|x| / 127} in F32, {@code code =
   * clamp(roundHalfEven(x / scale), -127, 127)}; a block whose scale is 0 gives zeros.
   *
   * @param x the token's values, {@code to.columns()} of them from {@code offset}
   */
  void quantize(float[] x, int offset, Activations to, int token, KernelScratch scratch);

  /**
   * Stores one token as it is, with the sum of each 16 columns (added in order): for F16, BF16 and
   * F32 weights, and where quantised activations would cost too much precision.
   */
  default void copy(float[] x, int offset, Activations to, int token) {
    int width = to.width();
    int value = to.valueIndex(token);
    int sumIndex = to.sumIndex(token);
    for (int column = 0; column < to.columns(); column += Activations.SUM_COLUMNS) {
      int end = Math.min(column + Activations.SUM_COLUMNS, to.columns());
      float sum = 0;
      for (int i = column; i < end; i++) {
        to.values[value + i * width] = x[offset + i];
        sum += x[offset + i];
      }
      to.sums[sumIndex + column / Activations.SUM_COLUMNS * width] = sum;
    }
  }

  /**
   * Rows of a tile times all tokens: {@code out[token * outStride + outOffset + row]}.
   *
   * <p>For row r and token t: {@code acc = 0}; for each group g in order {@code acc = fma(dot(r, t,
   * g), scale(r, g) * scale(t, g), acc)}, and where the format has a minimum {@code acc =
   * fma(sum(t, g), min(r, g) * scale(t, g), acc)}.
   *
   * <p>Quantised weights times quantised activations: {@code dot} and {@code sum} are exact
   * integers. Otherwise {@code dot} is a chain of fma over the group's columns in order, starting
   * from 0; {@code sum} adds the group's sums of 16; activations have scale 1, and so have F16,
   * BF16 and F32 weights, which are their own codes.
   *
   * @param tile which 32 rows
   * @param scratch this thread's
   */
  void multiply(
      PackedMatrix matrix,
      int tile,
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

  /** {@code gate = gate / (1 + exp(-gate)) * up}, element by element, with {@link Exponential}. */
  void swiglu(float[] gate, int gateOffset, float[] up, int upOffset, int length);

  /**
   * Attention of the query heads that share one key-value head, for one token, block after block of
   * 32 positions from position 0 with online softmax.
   *
   * <p>A score is a chain of fma over the head's elements, then times {@code scale}. Per block:
   * {@code m' = max(m, block maximum)}, {@code c = exp(m - m')}, {@code p = exp(score - m')},
   * {@code l = fma(l, c, tree sum of p)} (absent positions count 0), {@code o = o * c} and then a
   * chain of fma over positions. The result is {@code o / l}.
   *
   * @param query the heads' queries, one after the other, from {@code queryOffset}
   * @param heads number of query heads
   * @param positions how many positions are seen, at least 1
   * @param cache keys and values
   * @param blockTable the sequence's blocks
   * @param layer which layer
   * @param kvHead which key-value head
   * @param out receives the heads' results, laid out like the queries
   */
  void attention(
      float[] query,
      int queryOffset,
      int heads,
      int positions,
      KvCache cache,
      int[] blockTable,
      int layer,
      int kvHead,
      float scale,
      float[] out,
      int outOffset,
      KernelScratch scratch);
}

package io.yuntai.engine.kernel;

/**
 * The operations that encoders need beside {@link Kernels}. {@link ScalarEncoderKernels} defines
 * every result; the others give the same bits (docs/decisions/001-numeric-contract.md).
 */
public sealed interface EncoderKernels permits ScalarEncoderKernels, VectorEncoderKernels {
  /** Those that go with a choice of kernels. */
  static EncoderKernels of(Kernels kernels) {
    return kernels instanceof ScalarKernels
        ? new ScalarEncoderKernels()
        : new VectorEncoderKernels();
  }

  /**
   * {@code x = (x - mean) / sqrt(variance + epsilon) * weight + bias}, in place.
   *
   * <p>Sums are kept in 16 partial sums (element i in partial i mod 16) that are added as a tree,
   * as in {@link Kernels#rmsNorm}; squares of deviations are added by fma. The mean and the inverse
   * root are taken in double and rounded once; the result is {@code fma((x - mean) * inverse,
   * weight, bias)}.
   */
  void layerNorm(float[] x, int offset, float[] weight, float[] bias, float epsilon, int length);

  /** {@code x = x / 2 * (1 + erf(x / sqrt(2)))}, element by element, with {@link ErrorFunction}. */
  void gelu(float[] x, int offset, int length);

  /**
   * Attention in which every token of a sequence sees all of them.
   *
   * <p>As in {@link Kernels#attention} blocks of 32 positions are taken from the sequence's first
   * on with online softmax: a score is a chain of fma over the head's elements, then times the
   * scale; a result is a chain of fma over positions, and divided by the sum at the end.
   */
  void attention(EncoderAttention run, EncoderScratch scratch);
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.ModelConfig.Rope;
import io.yuntai.engine.kernel.Kernels;

/**
 * Sines and cosines of the rotary position embedding (Su et al., RoFormer), computed in double with
 * StrictMath so that they are the same on every machine, and rounded to F32 once. Rows of 256
 * positions are made when first needed.
 */
final class RopeTable {
  private static final int CHUNK = 256;

  private final Rope rope;
  private final double[] frequencies;
  private final float[][] cosines;
  private final float[][] sines;

  /**
   * @param frequencyDivisors divides each frequency (Llama 3.1's {@code rope_freqs}); empty for
   *     none
   */
  RopeTable(Rope rope, float[] frequencyDivisors, int contextTokens) {
    this.rope = rope;
    int pairs = rope.dimensions() / 2;
    frequencies = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      double frequency = StrictMath.pow(rope.base(), -2.0 * i / rope.dimensions()) * rope.scale();
      frequencies[i] = frequencyDivisors.length == 0 ? frequency : frequency / frequencyDivisors[i];
    }
    int chunks = (contextTokens + CHUNK - 1) / CHUNK;
    cosines = new float[chunks][];
    sines = new float[chunks][];
  }

  /**
   * Makes the rows up to a position; by one thread, before {@link #rotate} is called by several.
   */
  void prepare(int position) {
    for (int chunk = position / CHUNK; chunk >= 0 && cosines[chunk] == null; chunk--) {
      int pairs = frequencies.length;
      float[] cosine = new float[CHUNK * pairs];
      float[] sine = new float[CHUNK * pairs];
      for (int i = 0; i < cosine.length; i++) {
        double angle = (chunk * CHUNK + i / pairs) * frequencies[i % pairs];
        cosine[i] = (float) StrictMath.cos(angle);
        sine[i] = (float) StrictMath.sin(angle);
      }
      cosines[chunk] = cosine;
      sines[chunk] = sine;
    }
  }

  /** Rotates heads in place by the angles of a position, as {@link Kernels#rotate} says. */
  void rotate(Kernels kernels, float[] x, int offset, int heads, int headLength, int position) {
    int pairs = frequencies.length;
    boolean adjacent = rope.pairing() == Rope.Pairing.ADJACENT;
    int chunk = position / CHUNK;
    int row = position % CHUNK * pairs;
    kernels.rotate(
        x, offset, heads, headLength, adjacent, pairs, cosines[chunk], sines[chunk], row);
  }
}

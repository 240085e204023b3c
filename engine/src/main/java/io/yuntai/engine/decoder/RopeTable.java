package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.Kernels;
import java.lang.foreign.MemorySegment;

/**
 * Sines and cosines of the rotary position embedding (Su et al., RoFormer), computed in double with
 * StrictMath so that they are the same on every machine, and rounded to F32 once. Rows of 256
 * positions are made when first needed.
 */
final class RopeTable {
  private static final int CHUNK = 256;

  private final boolean adjacent;
  private final double magnitude;
  private final double[] frequencies;
  private final float[][] cosines;
  private final float[][] sines;

  private RopeTable(Rope rope, float[] divisors, int contextTokens) {
    this.adjacent = rope.pairing() == Rope.Pairing.ADJACENT;
    this.magnitude = rope.scaling().magnitude();
    frequencies = rope.frequencies();
    for (int i = 0; i < divisors.length; i++) {
      frequencies[i] /= divisors[i];
    }
    int chunks = (contextTokens + CHUNK - 1) / CHUNK;
    cosines = new float[chunks][];
    sines = new float[chunks][];
  }

  /**
   * The table for contexts of at most so many tokens.
   *
   * @param file may have divisors of the frequencies
   */
  static RopeTable of(Rope rope, GgufFile file, int contextTokens) {
    String name =
        switch (rope.scaling()) {
          case Rope.LongShort(int originalTokens, _) ->
              "rope_factors_" + (contextTokens > originalTokens ? "long" : "short") + ".weight";
          case Rope.Linear _, Rope.Yarn _ -> "rope_freqs.weight";
        };
    return new RopeTable(rope, divisors(file, name, rope.dimensions() / 2), contextTokens);
  }

  private static float[] divisors(GgufFile file, String name, int pairs) {
    if (file.findTensor(name).isEmpty()) {
      return new float[0];
    }
    Transposes none = Transposes.ofShapes();
    float[] divisors =
        new TensorLoader(file, (_, _) -> MemorySegment.NULL, none).vector(name, pairs);
    for (float divisor : divisors) {
      if (!(divisor > 0) || Float.isInfinite(divisor)) {
        throw new ModelFormatException(file.name() + ": " + name + " holds " + divisor);
      }
    }
    return divisors;
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
        cosine[i] = (float) (StrictMath.cos(angle) * magnitude);
        sine[i] = (float) (StrictMath.sin(angle) * magnitude);
      }
      cosines[chunk] = cosine;
      sines[chunk] = sine;
    }
  }

  /** Rotates heads in place by the angles of a position, as {@link Kernels#rotate} says. */
  void rotate(Kernels kernels, float[] x, int offset, int heads, int headLength, int position) {
    int pairs = frequencies.length;
    int chunk = position / CHUNK;
    int row = position % CHUNK * pairs;
    kernels.rotate(
        x, offset, heads, headLength, adjacent, pairs, cosines[chunk], sines[chunk], row);
  }
}

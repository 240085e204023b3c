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

  /**
   * Rows made at once: of a short prompt's start, a whole chunk would be a tenth (StrictMath's code
   * is not compiled yet).
   */
  private static final int ROWS = 32;

  private final boolean adjacent;
  private final double magnitude;
  private final double[] frequencies;
  private final float[][] cosines;
  private final float[][] sines;

  /** Per chunk the position up to which its rows are made; 0 for none. */
  private final int[] made;

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
    made = new int[chunks];
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
    int end = (position / ROWS + 1) * ROWS;
    for (int chunk = position / CHUNK; chunk >= 0 && made[chunk] < end; chunk--) {
      int pairs = frequencies.length;
      if (made[chunk] == 0) {
        cosines[chunk] = new float[CHUNK * pairs];
        sines[chunk] = new float[CHUNK * pairs];
        made[chunk] = chunk * CHUNK;
      }
      for (int i = (made[chunk] - chunk * CHUNK) * pairs; i < (end - chunk * CHUNK) * pairs; i++) {
        double angle = (chunk * CHUNK + i / pairs) * frequencies[i % pairs];
        cosines[chunk][i] = (float) (StrictMath.cos(angle) * magnitude);
        sines[chunk][i] = (float) (StrictMath.sin(angle) * magnitude);
      }
      made[chunk] = end;
      end = chunk * CHUNK;
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

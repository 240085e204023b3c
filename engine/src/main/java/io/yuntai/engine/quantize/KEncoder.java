package io.yuntai.engine.quantize;

/**
 * Q4_K and Q5_K: eight groups of 32 in a block, each with a 6-bit scale and a 6-bit minimum, which
 * two F16 numbers of the block multiply.
 *
 * <p>Groups are fitted one by one ({@link AffineFit}). The largest scale and the largest minimum
 * then get 63, and each group takes, of the nine pairs round its own, the pair that leaves the
 * least error. With codes, scales and minima chosen, the two numbers of the block are fitted again
 * by least squares; what they became in F16 decides the codes, and the better of both tries is
 * written.
 */
final class KEncoder implements BlockEncoder {
  private static final int GROUPS = 8;
  private static final int GROUP = 32;
  private static final int ELEMENTS = GROUPS * GROUP;
  private static final int MAX_SMALL = 63;

  private final int bits;
  private final int maxCode;
  private final AffineFit fit;
  private final float[] groupScale = new float[GROUPS];
  private final float[] groupMinimum = new float[GROUPS];
  private final int[] codes = new int[ELEMENTS];
  private Chosen chosen = new Chosen();
  private Chosen other = new Chosen();

  /** A block's numbers but for its codes. */
  private static final class Chosen {
    private float scale;
    private float minimum;
    private final int[] scales = new int[GROUPS];
    private final int[] minimums = new int[GROUPS];
    private double error;
  }

  /**
   * @param bits of a code, 4 or 5
   */
  KEncoder(int bits) {
    this.bits = bits;
    this.maxCode = (1 << bits) - 1;
    this.fit = new AffineFit(maxCode, true);
  }

  @Override
  public void encode(float[] x, int from, byte[] target, int to) {
    float largestScale = 0;
    float largestMinimum = 0;
    for (int g = 0; g < GROUPS; g++) {
      fit.fit(x, from + g * GROUP, GROUP);
      groupScale[g] = fit.scale();
      groupMinimum[g] = -fit.offset();
      largestScale = Math.max(largestScale, groupScale[g]);
      largestMinimum = Math.max(largestMinimum, groupMinimum[g]);
    }
    chosen.scale = half(largestScale / MAX_SMALL);
    chosen.minimum = half(largestMinimum / MAX_SMALL);
    choose(x, from, chosen);
    if (refit(x, from)) {
      choose(x, from, other);
      if (other.error < chosen.error) {
        Chosen better = other;
        other = chosen;
        chosen = better;
      }
    }
    write(x, from, target, to);
  }

  /** Each group's small numbers, given the block's. */
  private void choose(float[] x, int from, Chosen into) {
    into.error = 0;
    for (int g = 0; g < GROUPS; g++) {
      int scale = small(groupScale[g], into.scale);
      int minimum = small(groupMinimum[g], into.minimum);
      double least = Double.POSITIVE_INFINITY;
      for (int s = Math.max(0, scale - 1); s <= Math.min(MAX_SMALL, scale + 1); s++) {
        for (int m = Math.max(0, minimum - 1); m <= Math.min(MAX_SMALL, minimum + 1); m++) {
          double error = error(x, from + g * GROUP, into.scale * s, into.minimum * m);
          if (error < least) {
            least = error;
            into.scales[g] = s;
            into.minimums[g] = m;
          }
        }
      }
      into.error += least;
    }
  }

  private static int small(float value, float unit) {
    return unit > 0 ? Nearest.whole(value / unit, 0, MAX_SMALL) : 0;
  }

  private float error(float[] x, int from, float scale, float minimum) {
    float inverse = scale > 0 ? 1 / scale : 0;
    float sum = 0;
    for (int i = from; i < from + GROUP; i++) {
      float shifted = x[i] + minimum;
      float difference = shifted - scale * Nearest.quick(shifted * inverse, 0, maxCode);
      sum += difference * difference;
    }
    return sum;
  }

  /** The block's numbers of least squares for the codes of {@code chosen}, into {@code other}. */
  private boolean refit(float[] x, int from) {
    double aa = 0;
    double ab = 0;
    double bb = 0;
    double xa = 0;
    double xb = 0;
    codes(x, from);
    for (int g = 0; g < GROUPS; g++) {
      for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
        double a = chosen.scales[g] * codes[i];
        double b = -chosen.minimums[g];
        aa += a * a;
        ab += a * b;
        bb += b * b;
        xa += x[from + i] * a;
        xb += x[from + i] * b;
      }
    }
    double determinant = aa * bb - ab * ab;
    if (!(aa > 0)) {
      return false;
    }
    boolean hasMinimum = determinant > 1e-9 * aa * bb;
    double scale = hasMinimum ? (xa * bb - xb * ab) / determinant : xa / aa;
    double minimum = hasMinimum ? (xb * aa - xa * ab) / determinant : 0;
    if (!(scale > 0) || minimum < 0 || scale > 65_504 || minimum > 65_504) {
      return false;
    }
    other.scale = half((float) scale);
    other.minimum = half((float) minimum);
    return true;
  }

  private void codes(float[] x, int from) {
    for (int g = 0; g < GROUPS; g++) {
      float scale = chosen.scale * chosen.scales[g];
      float minimum = chosen.minimum * chosen.minimums[g];
      float inverse = scale > 0 ? 1 / scale : 0;
      for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
        codes[i] = Nearest.whole((x[from + i] + minimum) * inverse, 0, maxCode);
      }
    }
  }

  private static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  private void write(float[] x, int from, byte[] target, int to) {
    codes(x, from);
    float _ = LittleEndian.putHalf(target, to, chosen.scale);
    float _ = LittleEndian.putHalf(target, to + 2, chosen.minimum);
    for (int g = 0; g < 4; g++) {
      int high = g + 4;
      target[to + 4 + g] = (byte) (chosen.scales[g] | ((chosen.scales[high] >> 4) << 6));
      target[to + 8 + g] = (byte) (chosen.minimums[g] | ((chosen.minimums[high] >> 4) << 6));
      target[to + 12 + g] =
          (byte) ((chosen.scales[high] & 15) | ((chosen.minimums[high] & 15) << 4));
    }
    int at = to + 16;
    if (bits == 5) {
      for (int i = 0; i < GROUP; i++) {
        int fifth = 0;
        for (int g = 0; g < GROUPS; g++) {
          fifth |= (codes[g * GROUP + i] >> 4) << g;
        }
        target[at + i] = (byte) fifth;
      }
      at += GROUP;
    }
    for (int pair = 0; pair < 4; pair++) {
      for (int i = 0; i < GROUP; i++) {
        int low = codes[2 * GROUP * pair + i] & 15;
        int high = codes[2 * GROUP * pair + GROUP + i] & 15;
        target[at + GROUP * pair + i] = (byte) (low | (high << 4));
      }
    }
  }
}

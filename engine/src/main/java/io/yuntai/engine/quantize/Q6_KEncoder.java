package io.yuntai.engine.quantize;

/**
 * Q6_K: sixteen groups of 16 in a block, each with an 8-bit scale that one F16 number of the block
 * multiplies; codes around zero. Fitted as {@link KEncoder} does, without minima.
 */
final class Q6_KEncoder implements BlockEncoder {
  private static final int GROUPS = 16;
  private static final int GROUP = 16;
  private static final int ELEMENTS = GROUPS * GROUP;
  private static final int MIDDLE = 32;

  private final SymmetricFit fit = new SymmetricFit(MIDDLE);
  private final float[] groupScale = new float[GROUPS];
  private final int[] codes = new int[ELEMENTS];
  private Chosen chosen = new Chosen();
  private Chosen other = new Chosen();

  private static final class Chosen {
    private float scale;
    private final int[] scales = new int[GROUPS];
    private double error;
  }

  @Override
  public void encode(float[] x, int from, byte[] target, int to) {
    float extreme = 0;
    for (int g = 0; g < GROUPS; g++) {
      groupScale[g] = fit.fit(x, from + g * GROUP, GROUP);
      if (Math.abs(groupScale[g]) > Math.abs(extreme)) {
        extreme = groupScale[g];
      }
    }
    // An 8-bit number reaches farther below zero than above.
    chosen.scale = half(extreme / -128);
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

  private void choose(float[] x, int from, Chosen into) {
    into.error = 0;
    float inverse = into.scale == 0 ? 0 : 1 / into.scale;
    for (int g = 0; g < GROUPS; g++) {
      int near = Nearest.whole(groupScale[g] * inverse, -128, 127);
      double least = Double.POSITIVE_INFINITY;
      for (int s = Math.max(-128, near - 1); s <= Math.min(127, near + 1); s++) {
        double error = error(x, from + g * GROUP, into.scale * s);
        if (error < least) {
          least = error;
          into.scales[g] = s;
        }
      }
      into.error += least;
    }
  }

  private static float error(float[] x, int from, float scale) {
    float inverse = scale == 0 ? 0 : 1 / scale;
    float sum = 0;
    for (int i = from; i < from + GROUP; i++) {
      float difference = x[i] - scale * Nearest.quick(x[i] * inverse, -MIDDLE, MIDDLE - 1);
      sum += difference * difference;
    }
    return sum;
  }

  private boolean refit(float[] x, int from) {
    double aa = 0;
    double xa = 0;
    codes(x, from);
    for (int i = 0; i < ELEMENTS; i++) {
      double a = chosen.scales[i / GROUP] * codes[i];
      aa += a * a;
      xa += x[from + i] * a;
    }
    double scale = xa / aa;
    if (!(aa > 0) || scale == 0 || Math.abs(scale) > 65_504) {
      return false;
    }
    other.scale = half((float) scale);
    return true;
  }

  private void codes(float[] x, int from) {
    for (int i = 0; i < ELEMENTS; i++) {
      float scale = chosen.scale * chosen.scales[i / GROUP];
      float inverse = scale == 0 ? 0 : 1 / scale;
      codes[i] = Nearest.whole(x[from + i] * inverse, -MIDDLE, MIDDLE - 1);
    }
  }

  private static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  private void write(float[] x, int from, byte[] target, int to) {
    codes(x, from);
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 32; i++) {
        int first = 128 * half + i;
        int a = codes[first] + MIDDLE;
        int b = codes[first + 32] + MIDDLE;
        int c = codes[first + 64] + MIDDLE;
        int d = codes[first + 96] + MIDDLE;
        target[to + 64 * half + i] = (byte) ((a & 15) | ((c & 15) << 4));
        target[to + 64 * half + 32 + i] = (byte) ((b & 15) | ((d & 15) << 4));
        target[to + 128 + 32 * half + i] =
            (byte) ((a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((d >> 4) << 6));
      }
    }
    for (int g = 0; g < GROUPS; g++) {
      target[to + 192 + g] = (byte) chosen.scales[g];
    }
    float _ = LittleEndian.putHalf(target, to + 208, chosen.scale);
  }
}

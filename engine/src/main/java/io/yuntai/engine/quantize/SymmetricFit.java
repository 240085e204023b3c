package io.yuntai.engine.quantize;

/**
 * Finds a scale {@code d} and codes {@code q} in [-n, n - 1] so that {@code d q} is close to some
 * values in the mean square.
 *
 * <p>For given codes the best scale is known: {@code d = sum(x q) / sum(q q)}, and the error it
 * leaves is {@code sum(x x) - sum(x q)^2 / sum(q q)}. So codes are made with several scales round
 * the one that takes the largest value to {@code -n}, the codes that leave the least error win, and
 * rounding by their best scale and fitting again goes on as long as it helps. The first half is the
 * search of ggml's k-quants; the second is Lloyd's algorithm (1957) with evenly spaced levels.
 */
final class SymmetricFit {
  private static final int CANDIDATES = 9;
  private static final float STEP = 0.1f;
  private static final int MAX_ROUNDS = 8;

  private final int n;
  private double scale;
  private double gain;

  SymmetricFit(int n) {
    this.n = n;
  }

  /** The best scale for these values, which may be negative; 0 where all are (almost) zero. */
  float fit(float[] x, int from, int count) {
    float extreme = 0;
    for (int i = from; i < from + count; i++) {
      if (Math.abs(x[i]) > Math.abs(extreme)) {
        extreme = x[i];
      }
    }
    scale = 0;
    gain = 0;
    float unit = 1 / extreme;
    if (Float.isInfinite(unit)) {
      return 0;
    }
    for (int k = -CANDIDATES; k <= CANDIDATES; k++) {
      boolean _ = tryInverse(x, from, count, -(n + STEP * k) * unit);
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      if (scale == 0 || !tryInverse(x, from, count, (float) (1 / scale))) {
        break;
      }
    }
    return (float) scale;
  }

  private boolean tryInverse(float[] x, int from, int count, float inverse) {
    float xq = 0;
    float qq = 0;
    for (int i = from; i < from + count; i++) {
      float q = Nearest.quick(x[i] * inverse, -n, n - 1);
      xq += x[i] * q;
      qq += q * q;
    }
    if (!(qq > 0)) {
      return false;
    }
    double newGain = (double) xq * xq / qq;
    if (newGain <= gain) {
      return false;
    }
    gain = newGain;
    scale = (double) xq / qq;
    return true;
  }
}

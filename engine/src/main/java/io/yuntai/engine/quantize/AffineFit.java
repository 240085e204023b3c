package io.yuntai.engine.quantize;

/**
 * Finds a scale {@code d}, an offset {@code m} and codes {@code q} in [0, n] so that {@code d q +
 * m} is close to some values in the mean square.
 *
 * <p>As {@link SymmetricFit}, with two unknowns: for given codes, the line of least squares through
 * the points {@code (q, x)}. Where an offset must not be positive and the line's is, the best line
 * through the origin takes its place.
 */
final class AffineFit {
  private static final int FEWER = 10;
  private static final int MORE = 5;
  private static final float STEP = 0.1f;
  private static final int MAX_ROUNDS = 8;

  private final int n;
  private final boolean offsetBelowZero;
  private float scale;
  private float offset;
  private double gain;

  /**
   * @param offsetBelowZero whether the offset must not be positive
   */
  AffineFit(int n, boolean offsetBelowZero) {
    this.n = n;
    this.offsetBelowZero = offsetBelowZero;
  }

  /** Not negative. */
  float scale() {
    return scale;
  }

  float offset() {
    return offset;
  }

  void fit(float[] x, int from, int count) {
    float low = offsetBelowZero ? 0 : x[from];
    float high = x[from];
    for (int i = from; i < from + count; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
    }
    scale = 0;
    offset = low;
    float unit = 1 / (high - low);
    if (Float.isInfinite(unit) || unit == 0) {
      return;
    }
    scale = (high - low) / n;
    // Rounding to so many levels at least is always possible; a fit must do better than that.
    gain = Double.NEGATIVE_INFINITY;
    for (int k = -FEWER; k <= MORE; k++) {
      boolean _ = tryLine(x, from, count, (n + STEP * k) * unit, low);
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      if (!(scale > 0) || !tryLine(x, from, count, 1 / scale, offset)) {
        break;
      }
    }
  }

  private boolean tryLine(float[] x, int from, int count, float inverse, float low) {
    float sumX = 0;
    float sumQ = 0;
    float qq = 0;
    float xq = 0;
    for (int i = from; i < from + count; i++) {
      float q = Nearest.quick((x[i] - low) * inverse, 0, n);
      sumX += x[i];
      sumQ += q;
      qq += q * q;
      xq += x[i] * q;
    }
    double determinant = (double) count * qq - (double) sumQ * sumQ;
    if (!(determinant > 0)) {
      return false;
    }
    double d = ((double) count * xq - (double) sumX * sumQ) / determinant;
    double m = ((double) qq * sumX - (double) sumQ * xq) / determinant;
    if (offsetBelowZero && m > 0) {
      m = 0;
      d = (double) xq / qq;
    }
    // What the fit takes from the sum of squares.
    double newGain = 2 * (d * xq + m * sumX) - d * d * qq - 2 * d * m * sumQ - m * m * count;
    if (!(d > 0) || newGain <= gain) {
      return false;
    }
    gain = newGain;
    scale = (float) d;
    offset = (float) m;
    return true;
  }
}

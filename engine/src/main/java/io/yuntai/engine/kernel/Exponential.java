package io.yuntai.engine.kernel;

/**
 * The contract's exponential function, {@code e^x} in F32: the same sequence of operations in
 * scalar and vector code.
 *
 * <p>{@code n = round(x / ln 2)} by adding and subtracting 1.5 * 2^23; {@code r = x - n ln 2} in
 * two fma's with ln 2 split as Cody and Waite do; a polynomial of degree 7 in r (Taylor
 * coefficients; |r| <= 0.35, so the remainder is below 2^-27); then n is added to the exponent
 * bits. x is clamped to [-87, 88], below which the result is 0. Relative error under 2 units in the
 * last place.
 */
public final class Exponential {
  /** -2 sqrt(2 / pi), of the Gaussian error linear unit. */
  static final float GELU_LINEAR = -1.5957692f;

  /** 0.044715 times that. */
  static final float GELU_CUBIC = 0.044715f * GELU_LINEAR;

  static final float LOG2_E = 1.442695f;
  static final float ROUND = 12582912f;
  static final float LN2_HIGH = 355f / 512;
  static final float LN2_LOW = -2.1219444e-4f;
  static final float MIN = -87f;
  static final float MAX = 88f;
  static final float C2 = 0.5f;
  static final float C3 = 1f / 6;
  static final float C4 = 1f / 24;
  static final float C5 = 1f / 120;
  static final float C6 = 1f / 720;
  static final float C7 = 1f / 5040;

  private Exponential() {}

  /** {@code e^x}. */
  public static float exp(float x) {
    if (x < MIN) {
      return 0;
    }
    float clamped = Math.min(x, MAX);
    float shifted = Math.fma(clamped, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_HIGH, clamped);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(C7, r, C6);
    p = Math.fma(p, r, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    int exponent = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUND);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (exponent << 23));
  }
}

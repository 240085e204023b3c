package io.yuntai.engine.kernel;

/**
 * The contract's error function in F32: the same sequence of operations in scalar and vector code.
 *
 * <p>With {@code z = |x|}: below 1 {@code z P(z^2)}, above {@code 1 - exp(-z Q(z))}, both always
 * computed and one chosen; z is capped at 4, where the result is 1. P and Q are polynomials through
 * the Chebyshev nodes of erf(z) / z on [0, 1] (in z^2) and of -ln(erfc(z)) / z on [1, 4]. Absolute
 * error below 2e-7.
 */
final class ErrorFunction {
  static final float SPLIT = 1f;
  static final float CAP = 4f;

  /** Of P, the highest power first. */
  static final float[] NEAR = {
    -9.67359e-06f,
    0.00011268254f,
    -0.00084843964f,
    0.0052210535f,
    -0.026865438f,
    0.11283783f,
    -0.37612638f,
    1.1283792f
  };

  /** Of Q, the highest power first. */
  static final float[] FAR = {
    -2.3760866e-07f,
    3.659137e-06f,
    -5.2085065e-06f,
    -0.0003144047f,
    0.0037855366f,
    -0.024242742f,
    0.10692556f,
    0.63467515f,
    1.1287782f
  };

  static final float INVERSE_ROOT_2 = 0.70710677f;

  private ErrorFunction() {}

  static float erf(float x) {
    float z = Math.min(Math.abs(x), CAP);
    float square = z * z;
    float p = NEAR[0];
    for (int i = 1; i < NEAR.length; i++) {
      p = Math.fma(p, square, NEAR[i]);
    }
    float q = FAR[0];
    for (int i = 1; i < FAR.length; i++) {
      q = Math.fma(q, z, FAR[i]);
    }
    float magnitude = z < SPLIT ? p * z : 1 - Exponential.exp(-(q * z));
    return Math.copySign(magnitude, x);
  }

  static float gelu(float x) {
    return x * 0.5f * (1 + erf(x * INVERSE_ROOT_2));
  }
}

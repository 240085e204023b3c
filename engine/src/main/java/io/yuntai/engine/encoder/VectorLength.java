package io.yuntai.engine.encoder;

/** The Euclidean length of vectors. */
public final class VectorLength {
  private VectorLength() {}

  /** Gives a vector the length 1; one of zeros stays as it is. Sums in double, in order. */
  public static void normalize(float[] vector) {
    double squares = 0;
    for (float element : vector) {
      squares = Math.fma((double) element, (double) element, squares);
    }
    if (squares > 0) {
      double inverse = 1 / Math.sqrt(squares);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] * inverse);
      }
    }
  }
}

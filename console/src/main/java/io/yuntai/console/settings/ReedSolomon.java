package io.yuntai.console.settings;

/** Error correction codewords over GF(256) with the polynomial 0x11D (ISO/IEC 18004:2015, 7.5). */
final class ReedSolomon {
  private ReedSolomon() {}

  /** The remainder of a block by the generator polynomial of this degree. */
  static byte[] remainder(byte[] block, int degree) {
    int[] generator = generator(degree);
    byte[] rest = new byte[degree];
    for (byte one : block) {
      int factor = (one ^ rest[0]) & 0xFF;
      System.arraycopy(rest, 1, rest, 0, degree - 1);
      rest[degree - 1] = 0;
      for (int i = 0; i < degree; i++) {
        rest[i] ^= (byte) product(generator[i], factor);
      }
    }
    return rest;
  }

  /** Coefficients of (x - 2^0)(x - 2^1)..., the highest left out, which is 1. */
  private static int[] generator(int degree) {
    int[] coefficients = new int[degree];
    coefficients[degree - 1] = 1;
    int root = 1;
    for (int i = 0; i < degree; i++) {
      for (int j = 0; j < degree; j++) {
        coefficients[j] = product(coefficients[j], root);
        if (j + 1 < degree) {
          coefficients[j] ^= coefficients[j + 1];
        }
      }
      root = product(root, 2);
    }
    return coefficients;
  }

  /** In GF(256). */
  static int product(int a, int b) {
    int product = 0;
    for (int i = 7; i >= 0; i--) {
      product = (product << 1) ^ ((product >>> 7) * 0x11D);
      product ^= ((b >>> i) & 1) * a;
    }
    return product;
  }
}

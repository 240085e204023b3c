package io.yuntai.engine.quantize;

/** What encoders write into blocks. */
final class LittleEndian {
  private LittleEndian() {}

  static void putInt(byte[] target, int to, int value) {
    putShort(target, to, value);
    putShort(target, to + 2, value >>> 16);
  }

  static void putShort(byte[] target, int to, int value) {
    target[to] = (byte) value;
    target[to + 1] = (byte) (value >>> 8);
  }

  /**
   * Writes a number as F16 and returns what it became.
   *
   * @throws ArithmeticException if it is too large
   */
  static float putHalf(byte[] target, int to, float value) {
    short half = Float.floatToFloat16(value);
    float rounded = Float.float16ToFloat(half);
    if (Float.isInfinite(rounded)) {
      throw new ArithmeticException(value + " exceeds F16");
    }
    putShort(target, to, half);
    return rounded;
  }
}

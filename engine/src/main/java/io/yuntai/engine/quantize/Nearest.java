package io.yuntai.engine.quantize;

/** Rounding to whole numbers, ties to even, within bounds. */
final class Nearest {
  /** Adding it moves a float's fraction out of its 24 bits. */
  private static final float SHIFT = 3 << 22;

  private static final int SHIFT_BITS = Float.floatToRawIntBits(SHIFT);

  private Nearest() {}

  /** The nearest whole number in [{@code min}, {@code max}]; both are within +-2^21. */
  static int whole(float value, int min, int max) {
    return quick(Math.max(min, Math.min(max, value)), min, max);
  }

  /**
   * The same for searches, which try it millions of times: for values within +-2^22 only; of others
   * the result is some code.
   */
  static int quick(float value, int min, int max) {
    int whole = Float.floatToRawIntBits(value + SHIFT) - SHIFT_BITS;
    return Math.max(min, Math.min(max, whole));
  }
}

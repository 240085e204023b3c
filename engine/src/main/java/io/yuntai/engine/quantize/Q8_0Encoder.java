package io.yuntai.engine.quantize;

/** Q8_0: the largest value goes to 127; rounding by the scale as it is stored. */
final class Q8_0Encoder implements BlockEncoder {
  private static final int ELEMENTS = 32;

  @Override
  public void encode(float[] x, int from, byte[] target, int to) {
    float largest = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      largest = Math.max(largest, Math.abs(x[from + i]));
    }
    float scale = LittleEndian.putHalf(target, to, largest / 127);
    float inverse = scale > 0 ? 1 / scale : 0;
    for (int i = 0; i < ELEMENTS; i++) {
      target[to + 2 + i] = (byte) Nearest.whole(x[from + i] * inverse, -127, 127);
    }
  }
}

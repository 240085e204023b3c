package io.yuntai.engine.quantize;

/** Single floats, rounded to the nearest, ties to even. */
final class PlainEncoders {
  private PlainEncoders() {}

  static void f32(float[] x, int from, byte[] target, int to) {
    LittleEndian.putInt(target, to, Float.floatToRawIntBits(x[from]));
  }

  static void f16(float[] x, int from, byte[] target, int to) {
    LittleEndian.putHalf(target, to, x[from]);
  }

  static void bf16(float[] x, int from, byte[] target, int to) {
    int bits = Float.floatToRawIntBits(x[from]);
    int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
    if ((rounded & 0x7f80_0000) == 0x7f80_0000) {
      throw new ArithmeticException(x[from] + " exceeds BF16");
    }
    LittleEndian.putShort(target, to, rounded >>> 16);
  }
}

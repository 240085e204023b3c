package io.yuntai.engine.quantize;

/** Q4_0 and Q5_0: codes around zero. */
final class SymmetricEncoder implements BlockEncoder {
  private static final int ELEMENTS = 32;

  private final int middle;
  private final SymmetricFit fit;
  private final int[] codes = new int[ELEMENTS];
  private final int bits;

  /**
   * @param bits of a code, 4 or 5
   */
  SymmetricEncoder(int bits) {
    this.bits = bits;
    this.middle = 1 << (bits - 1);
    this.fit = new SymmetricFit(middle);
  }

  @Override
  public void encode(float[] x, int from, byte[] target, int to) {
    float scale = LittleEndian.putHalf(target, to, fit.fit(x, from, ELEMENTS));
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < ELEMENTS; i++) {
      codes[i] = Nearest.whole(x[from + i] * inverse, -middle, middle - 1) + middle;
    }
    SmallCodes.pack(codes, bits, target, to + 2);
  }
}

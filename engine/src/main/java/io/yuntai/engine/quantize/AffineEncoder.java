package io.yuntai.engine.quantize;

/** Q4_1 and Q5_1: codes above an offset. */
final class AffineEncoder implements BlockEncoder {
  private static final int ELEMENTS = 32;

  private final int bits;
  private final AffineFit fit;
  private final int[] codes = new int[ELEMENTS];

  /**
   * @param bits of a code, 4 or 5
   */
  AffineEncoder(int bits) {
    this.bits = bits;
    this.fit = new AffineFit((1 << bits) - 1, false);
  }

  @Override
  public void encode(float[] x, int from, byte[] target, int to) {
    fit.fit(x, from, ELEMENTS);
    float scale = LittleEndian.putHalf(target, to, fit.scale());
    float offset = LittleEndian.putHalf(target, to + 2, fit.offset());
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < ELEMENTS; i++) {
      codes[i] = Nearest.whole((x[from + i] - offset) * inverse, 0, (1 << bits) - 1);
    }
    SmallCodes.pack(codes, bits, target, to + 4);
  }
}

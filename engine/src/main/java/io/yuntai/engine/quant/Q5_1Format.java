package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 5-bit codes above a minimum.
 *
 * <p>Block: {@code f16 d, m; u32 qh; u8 qs[16]}. Codes as in {@link Q5_0Format}; the value is
 * {@code d * q + m}.
 */
final class Q5_1Format implements BlockFormat {
  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 24;
  }

  @Override
  public int groupSize() {
    return 32;
  }

  @Override
  public boolean hasMin() {
    return true;
  }

  @Override
  public int maxAbsCode() {
    return 31;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), ByteLanes.half(source, offset + 2));
    int fifthBits = ByteLanes.loadInt(source, offset + 4);
    for (int j = 0; j < 16; j += 8) {
      long packed = ByteLanes.load(source, offset + 8 + j);
      long low = ByteLanes.lowNibbles(packed) | (ByteLanes.spread(fifthBits >>> j) << 4);
      long high = ByteLanes.highNibbles(packed) | (ByteLanes.spread(fifthBits >>> (16 + j)) << 4);
      ByteLanes.store(codes, codesOffset + j, low);
      ByteLanes.store(codes, codesOffset + 16 + j, high);
    }
  }
}

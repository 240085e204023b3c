package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 5-bit codes around zero.
 *
 * <p>Block: {@code f16 d; u32 qh; u8 qs[16]}. Nibbles as in {@link Q4_0Format}; bit i of {@code qh}
 * is bit 4 of element i; the value is {@code d * (q - 16)}.
 */
final class Q5_0Format implements BlockFormat {
  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 22;
  }

  @Override
  public int groupSize() {
    return 32;
  }

  @Override
  public boolean hasMin() {
    return false;
  }

  @Override
  public int maxAbsCode() {
    return 16;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), 0);
    int fifthBits = ByteLanes.loadInt(source, offset + 2);
    for (int j = 0; j < 16; j += 8) {
      long packed = ByteLanes.load(source, offset + 6 + j);
      long low = ByteLanes.lowNibbles(packed) | (ByteLanes.spread(fifthBits >>> j) << 4);
      long high = ByteLanes.highNibbles(packed) | (ByteLanes.spread(fifthBits >>> (16 + j)) << 4);
      ByteLanes.store(codes, codesOffset + j, ByteLanes.minus(low, 16));
      ByteLanes.store(codes, codesOffset + 16 + j, ByteLanes.minus(high, 16));
    }
  }
}

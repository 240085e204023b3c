package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit codes above a minimum.
 *
 * <p>Block: {@code f16 d, m; u8 qs[16]}. Nibbles as in {@link Q4_0Format}; the value is {@code d *
 * q + m}.
 */
final class Q4_1Format implements BlockFormat {
  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 20;
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
    return 15;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), ByteLanes.half(source, offset + 2));
    for (int j = 0; j < 16; j += 8) {
      long packed = ByteLanes.load(source, offset + 4 + j);
      ByteLanes.store(codes, codesOffset + j, ByteLanes.lowNibbles(packed));
      ByteLanes.store(codes, codesOffset + 16 + j, ByteLanes.highNibbles(packed));
    }
  }
}

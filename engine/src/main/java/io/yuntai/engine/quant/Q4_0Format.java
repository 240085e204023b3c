package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit codes around zero.
 *
 * <p>Block: {@code f16 d; u8 qs[16]}. The low nibble of {@code qs[j]} is element j, the high one
 * element j + 16; the value is {@code d * (q - 8)}.
 */
final class Q4_0Format implements BlockFormat {
  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 18;
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
    return 8;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), 0);
    for (int j = 0; j < 16; j += 8) {
      long packed = ByteLanes.load(source, offset + 2 + j);
      ByteLanes.store(codes, codesOffset + j, ByteLanes.minus(ByteLanes.lowNibbles(packed), 8));
      ByteLanes.store(
          codes, codesOffset + 16 + j, ByteLanes.minus(ByteLanes.highNibbles(packed), 8));
    }
  }
}

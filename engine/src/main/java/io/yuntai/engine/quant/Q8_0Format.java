package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 8-bit codes around zero.
 *
 * <p>Block: {@code f16 d; i8 qs[32]}; the value is {@code d * q}.
 */
final class Q8_0Format implements BlockFormat {
  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 34;
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
    return 128;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), 0);
    for (int j = 0; j < 32; j += 8) {
      ByteLanes.store(codes, codesOffset + j, ByteLanes.load(source, offset + 2 + j));
    }
  }
}

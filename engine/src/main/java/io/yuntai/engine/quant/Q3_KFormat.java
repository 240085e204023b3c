package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 3-bit codes around zero, in groups of 16.
 *
 * <p>Block: {@code u8 hmask[32], qs[64], scales[12]; f16 d}. The low two bits are laid out as in
 * {@link Q2_KFormat}; bit k of {@code hmask[j]} is the third bit of element 32k + j. The sixteen
 * 6-bit scales have their low nibbles in {@code scales[0..7]} (first the low, then the high ones)
 * and their upper two bits in {@code scales[8..11]}. The value is {@code d * (scale - 32) * (q -
 * 4)}.
 */
final class Q3_KFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 110;
  }

  @Override
  public int groupSize() {
    return 16;
  }

  @Override
  public boolean hasMin() {
    return false;
  }

  @Override
  public int maxAbsCode() {
    return 4;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.scale = ByteLanes.half(source, offset + 108);
    unpackScales(source, offset + 96, scales);
    for (int j = 0; j < 32; j += 8) {
      long thirdBits = ByteLanes.load(source, offset + j);
      for (int half = 0; half < 2; half++) {
        long packed = ByteLanes.load(source, offset + 32 + 32L * half + j);
        for (int quarter = 0; quarter < 4; quarter++) {
          int k = 4 * half + quarter;
          long code =
              ByteLanes.twoBits(packed, 2 * quarter) | (ByteLanes.oneBit(thirdBits, k) << 2);
          ByteLanes.store(codes, codesOffset + 32 * k + j, ByteLanes.minus(code, 4));
        }
      }
    }
  }

  private static void unpackScales(MemorySegment source, long offset, BlockScales scales) {
    for (int group = 0; group < 16; group++) {
      int low = (ByteLanes.loadByte(source, offset + (group & 7)) >> (group < 8 ? 0 : 4)) & 15;
      int high = (ByteLanes.loadByte(source, offset + 8 + (group & 3)) >> (2 * (group >> 2))) & 3;
      scales.groupScales[group] = (byte) ((low | (high << 4)) - 32);
    }
  }
}

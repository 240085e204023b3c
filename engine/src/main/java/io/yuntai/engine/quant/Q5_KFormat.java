package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 5-bit codes above a minimum, in groups of 32.
 *
 * <p>Block: {@code f16 d, dmin; u8 scales[12], qh[32], qs[128]}. Nibbles as in {@link Q4_KFormat};
 * bit k of {@code qh[j]} is bit 4 of element 32k + j. Scales and minima: {@link KScales}.
 */
final class Q5_KFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 176;
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
    KScales.unpack(source, offset, scales);
    for (int j = 0; j < 32; j += 8) {
      long fifthBits = ByteLanes.load(source, offset + 16 + j);
      for (int pair = 0; pair < 4; pair++) {
        long packed = ByteLanes.load(source, offset + 48 + 32L * pair + j);
        long low = ByteLanes.lowNibbles(packed) | (ByteLanes.oneBit(fifthBits, 2 * pair) << 4);
        long high =
            ByteLanes.highNibbles(packed) | (ByteLanes.oneBit(fifthBits, 2 * pair + 1) << 4);
        int element = codesOffset + 64 * pair + j;
        ByteLanes.store(codes, element, low);
        ByteLanes.store(codes, element + 32, high);
      }
    }
  }
}

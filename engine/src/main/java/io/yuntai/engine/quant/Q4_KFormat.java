package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit codes above a minimum, in groups of 32.
 *
 * <p>Block: {@code f16 d, dmin; u8 scales[12], qs[128]}. Every 32 bytes of {@code qs} hold 64
 * elements: first their low nibbles, then their high ones. Scales and minima: {@link KScales}.
 */
final class Q4_KFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 144;
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
    KScales.unpack(source, offset, scales);
    for (int pair = 0; pair < 4; pair++) {
      for (int j = 0; j < 32; j += 8) {
        long packed = ByteLanes.load(source, offset + 16 + 32L * pair + j);
        int element = codesOffset + 64 * pair + j;
        ByteLanes.store(codes, element, ByteLanes.lowNibbles(packed));
        ByteLanes.store(codes, element + 32, ByteLanes.highNibbles(packed));
      }
    }
  }
}

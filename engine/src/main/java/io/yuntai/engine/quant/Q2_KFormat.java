package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 2-bit codes above a minimum, in groups of 16.
 *
 * <p>Block: {@code u8 scales[16], qs[64]; f16 d, dmin}. Each half of 128 elements takes 32 bytes of
 * {@code qs}; its elements 32s to 32s + 31 are bits 2s and 2s + 1 of those bytes. A group's value
 * is {@code d * (scale & 15) * q - dmin * (scale >> 4)}.
 */
final class Q2_KFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 84;
  }

  @Override
  public int groupSize() {
    return 16;
  }

  @Override
  public boolean hasMin() {
    return true;
  }

  @Override
  public int maxAbsCode() {
    return 3;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.scale = ByteLanes.half(source, offset + 80);
    scales.minimum = -ByteLanes.half(source, offset + 82);
    for (int group = 0; group < 16; group++) {
      int packed = ByteLanes.loadByte(source, offset + group);
      scales.groupScales[group] = (byte) (packed & 15);
      scales.groupMinimums[group] = (byte) (packed >> 4);
    }
    for (int half = 0; half < 2; half++) {
      for (int j = 0; j < 32; j += 8) {
        long packed = ByteLanes.load(source, offset + 16 + 32L * half + j);
        for (int shift = 0; shift < 8; shift += 2) {
          int element = 128 * half + 16 * shift + j;
          ByteLanes.store(codes, codesOffset + element, ByteLanes.twoBits(packed, shift));
        }
      }
    }
  }
}

package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * The head that Q4_K and Q5_K share: {@code f16 d, dmin; u8 packed[12]} with eight 6-bit scales and
 * eight 6-bit minima.
 *
 * <p>Groups 0 to 3 have their scale in the low six bits of {@code packed[g]} and their minimum in
 * those of {@code packed[g + 4]}. Groups 4 to 7 have the nibbles of {@code packed[g + 4]}, topped
 * by the two bits that the first four left over.
 */
final class KScales {
  private KScales() {}

  /** Eight scales and eight minima. */
  static void unpack(MemorySegment source, long offset, BlockScales scales) {
    scales.scale = ByteLanes.half(source, offset);
    scales.minimum = -ByteLanes.half(source, offset + 2);
    long packed = offset + 4;
    for (int group = 0; group < 4; group++) {
      int first = ByteLanes.loadByte(source, packed + group);
      int second = ByteLanes.loadByte(source, packed + 4 + group);
      int third = ByteLanes.loadByte(source, packed + 8 + group);
      scales.groupScales[group] = (byte) (first & 63);
      scales.groupMinimums[group] = (byte) (second & 63);
      scales.groupScales[4 + group] = (byte) ((third & 15) | (first >> 6 << 4));
      scales.groupMinimums[4 + group] = (byte) ((third >> 4) | (second >> 6 << 4));
    }
  }
}

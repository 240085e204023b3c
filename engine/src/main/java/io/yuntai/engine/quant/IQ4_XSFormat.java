package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * The table of {@link IQ4_NLFormat} with one 6-bit scale for each group of 32.
 *
 * <p>Block: {@code f16 d; u16 scales_h; u8 scales_l[4], qs[128]}. Group g's scale has the low or
 * (odd g) high nibble of {@code scales_l[g / 2]} and bits 2g and 2g + 1 of {@code scales_h} on top;
 * the value is {@code d * (scale - 32) * table[q]}.
 */
final class IQ4_XSFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 136;
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
    return 127;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.scale = ByteLanes.half(source, offset);
    int top =
        ByteLanes.loadByte(source, offset + 2) | (ByteLanes.loadByte(source, offset + 3) << 8);
    for (int group = 0; group < 8; group++) {
      int low = (ByteLanes.loadByte(source, offset + 4 + group / 2) >> (4 * (group & 1))) & 15;
      int high = (top >> (2 * group)) & 3;
      scales.groupScales[group] = (byte) ((low | (high << 4)) - 32);
      IQ4_NLFormat.unpackNibbles(
          source, offset + 8 + 16L * group, codes, codesOffset + 32 * group, IQ4_NLFormat.TABLE);
    }
  }
}

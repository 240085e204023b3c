package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit indices into a table of unevenly spaced values.
 *
 * <p>Block: {@code f16 d; u8 qs[16]}. Nibbles as in {@link Q4_0Format}; the value is {@code d *
 * table[q]}.
 */
final class IQ4_NLFormat implements BlockFormat {
  /** ggml's fixed values for normally distributed weights. */
  static final byte[] TABLE = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

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
    return 127;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(ByteLanes.half(source, offset), 0);
    unpackNibbles(source, offset + 2, codes, codesOffset, TABLE);
  }

  /** Looks up 32 elements in a table of 16, nibbles as in {@link Q4_0Format}. */
  static void unpackNibbles(
      MemorySegment source, long offset, byte[] codes, int codesOffset, byte[] table) {
    for (int j = 0; j < 16; j++) {
      int packed = ByteLanes.loadByte(source, offset + j);
      codes[codesOffset + j] = table[packed & 15];
      codes[codesOffset + 16 + j] = table[packed >> 4];
    }
  }
}

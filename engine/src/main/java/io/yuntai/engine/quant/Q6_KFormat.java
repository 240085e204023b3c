package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 6-bit codes around zero, in groups of 16.
 *
 * <p>Block: {@code u8 ql[128], qh[64]; i8 scales[16]; f16 d}. Each half of 128 elements takes 64
 * bytes of {@code ql} and 32 of {@code qh}: elements 0 to 63 have the low nibbles, 64 to 127 the
 * high ones; elements 32s to 32s + 31 have bits 2s and 2s + 1 of {@code qh} on top. The value is
 * {@code d * scale * (q - 32)}.
 */
final class Q6_KFormat implements BlockFormat {
  @Override
  public int elements() {
    return 256;
  }

  @Override
  public int bytes() {
    return 210;
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
    return 32;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.scale = ByteLanes.half(source, offset + 208);
    for (int group = 0; group < 16; group++) {
      scales.groupScales[group] = (byte) ByteLanes.loadByte(source, offset + 192 + group);
    }
    for (int half = 0; half < 2; half++) {
      for (int j = 0; j < 32; j += 8) {
        long first = ByteLanes.load(source, offset + 64L * half + j);
        long second = ByteLanes.load(source, offset + 64L * half + 32 + j);
        long top = ByteLanes.load(source, offset + 128 + 32L * half + j);
        int element = codesOffset + 128 * half + j;
        store(codes, element, ByteLanes.lowNibbles(first), top, 0);
        store(codes, element + 32, ByteLanes.lowNibbles(second), top, 2);
        store(codes, element + 64, ByteLanes.highNibbles(first), top, 4);
        store(codes, element + 96, ByteLanes.highNibbles(second), top, 6);
      }
    }
  }

  private static void store(byte[] codes, int index, long nibbles, long top, int shift) {
    long code = nibbles | (ByteLanes.twoBits(top, shift) << 4);
    ByteLanes.store(codes, index, ByteLanes.minus(code, 32));
  }
}

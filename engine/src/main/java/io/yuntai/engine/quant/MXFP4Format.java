package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * 4-bit floats (E2M1) with a shared power of two (E8M0), as in the OCP microscaling specification.
 *
 * <p>Block: {@code u8 e, qs[16]}. Nibbles as in {@link Q4_0Format}. As in ggml the table holds
 * twice the float's value and the scale is half of {@code 2^(e - 127)}, which keeps codes whole.
 */
final class MXFP4Format implements BlockFormat {
  private static final byte[] DOUBLED = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  @Override
  public int elements() {
    return 32;
  }

  @Override
  public int bytes() {
    return 17;
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
    return 12;
  }

  @Override
  public boolean hasHalfScales() {
    return false;
  }

  @Override
  public void unpack(
      MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales) {
    scales.set(halfPowerOfTwo(ByteLanes.loadByte(source, offset)), 0);
    IQ4_NLFormat.unpackNibbles(source, offset + 1, codes, codesOffset, DOUBLED);
  }

  /** {@code 2^(exponent - 128)}; the two smallest are subnormal. */
  private static float halfPowerOfTwo(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x0020_0000 << exponent : (exponent - 1) << 23);
  }
}

package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a block in one long, so that a few instructions unpack eight codes: byte i of the
 * long is element i. Also the little-endian reads that all formats share.
 */
final class ByteLanes {
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_IN_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ByteLanes() {}

  static long load(MemorySegment source, long offset) {
    return source.get(LONG, offset);
  }

  static int loadInt(MemorySegment source, long offset) {
    return source.get(INT, offset);
  }

  /** One byte, 0 to 255. */
  static int loadByte(MemorySegment source, long offset) {
    return source.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  /** An IEEE half, exactly. */
  static float half(MemorySegment source, long offset) {
    return Float.float16ToFloat(source.get(SHORT, offset));
  }

  static void store(byte[] target, int index, long lanes) {
    LONG_IN_BYTES.set(target, index, lanes);
  }

  static long lowNibbles(long lanes) {
    return lanes & (15 * ONES);
  }

  static long highNibbles(long lanes) {
    return (lanes >>> 4) & (15 * ONES);
  }

  /** Bits {@code shift} and {@code shift + 1} of each byte. */
  static long twoBits(long lanes, int shift) {
    return (lanes >>> shift) & (3 * ONES);
  }

  /** Bit {@code shift} of each byte. */
  static long oneBit(long lanes, int shift) {
    return (lanes >>> shift) & ONES;
  }

  /** Byte i becomes bit i of {@code bits} (only the lowest eight bits count). */
  static long spread(int bits) {
    long picked = ((bits & 0xff) * ONES) & 0x8040_2010_0804_0201L;
    return ((picked + 0x7f * ONES) >>> 7) & ONES;
  }

  /**
   * Subtracts from each byte. The top bit, set before and flipped after, keeps a borrow from
   * reaching the next byte.
   *
   * @param lanes bytes of 0 to 127
   * @param amount 0 to 127
   */
  static long minus(long lanes, int amount) {
    return ((lanes | TOPS) - amount * ONES) ^ TOPS;
  }
}

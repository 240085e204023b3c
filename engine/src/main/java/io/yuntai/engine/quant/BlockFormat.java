package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;

/**
 * One block-wise tensor element type: how many bytes hold how many elements, and what they mean.
 *
 * <p>A block of {@link #elements()} elements is cut into groups of {@link #groupSize()} (16 or 32)
 * elements that share a scale. Element {@code i} of group {@code g} has the value {@code scale[g] *
 * code[i]}, or {@code scale[g] * code[i] + min[g]} where {@link #hasMin()}; both operations round
 * to F32 as ggml's dequantisation does, so values equal ggml's bit for bit.
 */
public interface BlockFormat {
  /** Elements in one block: 32 or 256. */
  int elements();

  /** Bytes of one block. */
  int bytes();

  /** Elements that share one scale: 16 or 32; divides {@link #elements()}. */
  int groupSize();

  /** Whether values have an additive minimum per group. */
  boolean hasMin();

  /** Whether the block's scale and minimum are F16 numbers. */
  default boolean hasHalfScales() {
    return true;
  }

  /** The largest absolute value that a code can take, at most 128. */
  int maxAbsCode();

  /**
   * Unpacks one block.
   *
   * @param source the bytes
   * @param offset where the block starts in {@code source}
   * @param codes receives {@link #elements()} signed codes, from {@code codesOffset} on
   * @param codesOffset first index in {@code codes}
   * @param scales receives the block's scales and minima
   */
  void unpack(MemorySegment source, long offset, byte[] codes, int codesOffset, BlockScales scales);
}

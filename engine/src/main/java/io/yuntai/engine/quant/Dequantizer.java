package io.yuntai.engine.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tensor elements of any type as floats, equal to ggml's bit for bit.
 *
 * <p>The value of every weight is defined here and nowhere else; kernels are tested against it.
 */
public final class Dequantizer {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final TensorType type;
  private final @Nullable BlockFormat format;
  private final byte[] codes;
  private final BlockScales scales = new BlockScales();

  /** Of elements of a type; for one thread. */
  public Dequantizer(TensorType type) {
    this.type = type;
    this.format = type.blockFormat().orElse(null);
    this.codes = new byte[format == null ? 0 : format.elements()];
  }

  /**
   * Dequantises consecutive elements, usually a row; {@link #read} with a dequantiser of its own.
   */
  public static void dequantize(
      TensorType type,
      MemorySegment source,
      long offset,
      int elements,
      float[] target,
      int targetOffset) {
    new Dequantizer(type).read(source, offset, elements, target, targetOffset);
  }

  /**
   * Dequantises consecutive elements, usually a row.
   *
   * @param source the bytes, aligned or not
   * @param offset byte where the first element's block starts in {@code source}
   * @param elements how many, a whole number of blocks
   * @param target receives the values
   * @param targetOffset index of the first value in {@code target}
   * @throws IllegalArgumentException where {@code elements} is no whole number of blocks
   * @throws IndexOutOfBoundsException where {@code source} or {@code target} is too short
   */
  public void read(
      MemorySegment source, long offset, int elements, float[] target, int targetOffset) {
    Objects.checkFromIndexSize(offset, type.bytes(elements), source.byteSize());
    Objects.checkFromIndexSize(targetOffset, elements, target.length);
    switch (type) {
      case F32 -> MemorySegment.copy(source, FLOAT, offset, target, targetOffset, elements);
      case F16 -> {
        for (int i = 0; i < elements; i++) {
          target[targetOffset + i] = Float.float16ToFloat(source.get(SHORT, offset + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < elements; i++) {
          target[targetOffset + i] = Float.intBitsToFloat(source.get(SHORT, offset + 2L * i) << 16);
        }
      }
      default ->
          dequantizeBlocks(
              Objects.requireNonNull(format), source, offset, elements, target, targetOffset);
    }
  }

  private void dequantizeBlocks(
      BlockFormat format,
      MemorySegment source,
      long offset,
      int elements,
      float[] target,
      int targetOffset) {
    int groupSize = format.groupSize();
    for (int block = 0; block < elements / format.elements(); block++) {
      format.unpack(source, offset + (long) block * format.bytes(), codes, 0, scales);
      int first = targetOffset + block * format.elements();
      for (int i = 0; i < codes.length; i++) {
        float product = scales.scale(i / groupSize) * codes[i];
        target[first + i] = format.hasMin() ? product + scales.minimum(i / groupSize) : product;
      }
    }
  }
}

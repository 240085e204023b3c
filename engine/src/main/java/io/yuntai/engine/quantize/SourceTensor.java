package io.yuntai.engine.quantize;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that is to be written, and where its values come from.
 *
 * @param name as the new file calls it
 * @param type what it has if it is not quantised; its values fit exactly
 * @param shape dimensions, the first varying fastest
 * @param rows gives its values
 * @param bytes its bytes in that type, where they lie ready
 */
public record SourceTensor(
    String name, TensorType type, List<Long> shape, Rows rows, @Nullable MemorySegment bytes) {
  /** A tensor's values, row by row; safe for use by many threads. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Reads consecutive rows.
     *
     * @param target receives {@code count} rows, one after the other, from its start
     */
    void read(long first, int count, float[] target);
  }

  public SourceTensor {
    shape = List.copyOf(shape);
  }

  /** A tensor of a mapped file, as it is there. */
  public static SourceTensor of(TensorInfo info) {
    return new SourceTensor(info.name(), info.type(), info.shape(), rowsOf(info), info.data());
  }

  /** The values of a tensor of a mapped file. */
  public static Rows rowsOf(TensorInfo info) {
    int columns = Math.toIntExact(info.columns());
    long rowBytes = info.type().bytes(columns);
    return (first, count, target) -> {
      for (int i = 0; i < count; i++) {
        Dequantizer.dequantize(
            info.type(), info.data(), (first + i) * rowBytes, columns, target, i * columns);
      }
    };
  }

  /** Elements in one row. */
  public long columns() {
    return shape.getFirst();
  }

  /** Product of all dimensions but the first. */
  public long rowCount() {
    return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
  }

  /** The product of all dimensions. */
  public long elements() {
    return Math.multiplyExact(columns(), rowCount());
  }
}

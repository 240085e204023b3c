package io.yuntai.engine.gguf;

import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One tensor of a mapped file.
 *
 * @param name its name, unique in the file
 * @param type element type
 * @param shape dimensions, the first (the input width, "columns") varying fastest; one to four of
 *     them
 * @param offset bytes from the start of the file
 * @param data its bytes, mapped read-only, exactly as long as type and shape say
 */
public record TensorInfo(
    String name, TensorType type, List<Long> shape, long offset, MemorySegment data) {
  /** Elements in one row. */
  public long columns() {
    return shape.getFirst();
  }

  /** Number of rows: the product of all dimensions but the first. */
  public long rows() {
    return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
  }
}

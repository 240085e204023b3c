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

  /**
   * Consecutive rows as a matrix of their own, over the same bytes.
   *
   * @param part what tells it from its siblings: its name is this one's with the part in brackets
   * @throws IndexOutOfBoundsException where there are not so many rows
   */
  public TensorInfo slice(String part, long firstRow, long rows) {
    long rowBytes = type.bytes(columns());
    return new TensorInfo(
        name + "[" + part + "]",
        type,
        List.of(columns(), rows),
        offset + firstRow * rowBytes,
        data.asSlice(firstRow * rowBytes, rows * rowBytes));
  }

  /** Gives back the physical memory that mapped data takes in this process, until it is read. */
  public void unload() {
    if (data.isMapped()) {
      data.unload();
    }
  }

  /** Number of rows: the product of all dimensions but the first. */
  public long rows() {
    return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
  }
}

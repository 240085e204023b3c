package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Transposes of tensors, made once each.
 *
 * <p>Blocks of a quantised row can't be turned, so such weights become F16, which has more digits
 * than they; plain ones keep their type.
 */
final class Transposes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SegmentAllocator memory;
  private final boolean shapesOnly;
  private final Map<String, TensorInfo> made = new HashMap<>();
  private long bytes;

  private Transposes(SegmentAllocator memory, boolean shapesOnly) {
    this.memory = memory;
    this.shapesOnly = shapesOnly;
  }

  /** Transposes that hold their elements in this memory. */
  static Transposes in(SegmentAllocator memory) {
    return new Transposes(memory, false);
  }

  /** Transposes without elements, to learn how large they are. */
  static Transposes ofShapes() {
    return new Transposes(SegmentAllocator.slicingAllocator(MemorySegment.NULL), true);
  }

  /** Bytes of all that were made. */
  long bytes() {
    return bytes;
  }

  /** The transpose of a matrix. */
  TensorInfo of(TensorInfo tensor) {
    return made.computeIfAbsent(tensor.name(), _ -> make(tensor));
  }

  private TensorInfo make(TensorInfo tensor) {
    TensorType type = tensor.type().blockFormat().isPresent() ? TensorType.F16 : tensor.type();
    long size = type.bytes(tensor.rows() * tensor.columns());
    bytes += size;
    MemorySegment data = MemorySegment.NULL;
    if (!shapesOnly) {
      data = memory.allocate(size, 64);
      fill(tensor, type, data);
    }
    List<Long> shape = List.of(tensor.rows(), tensor.columns());
    return new TensorInfo(tensor.name() + "[turned]", type, shape, tensor.offset(), data);
  }

  private static void fill(TensorInfo from, TensorType type, MemorySegment to) {
    int rows = Math.toIntExact(from.rows());
    int columns = Math.toIntExact(from.columns());
    float[] values = new float[columns];
    for (int row = 0; row < rows; row++) {
      long offset = row * from.type().bytes(columns);
      Dequantizer.dequantize(from.type(), from.data(), offset, columns, values, 0);
      for (int column = 0; column < columns; column++) {
        long index = (long) column * rows + row;
        switch (type) {
          case F32 -> to.set(FLOAT, 4 * index, values[column]);
          case BF16 ->
              to.set(SHORT, 2 * index, (short) (Float.floatToRawIntBits(values[column]) >>> 16));
          default -> to.set(SHORT, 2 * index, Float.floatToFloat16(values[column]));
        }
      }
    }
  }
}

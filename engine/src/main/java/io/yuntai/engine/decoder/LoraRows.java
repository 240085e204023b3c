package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Rows of an adapter's tensors, gathered in the order that a model wants; every number checked. */
final class LoraRows {
  private final String file;
  private final SegmentAllocator memory;

  /**
   * Rows of a tensor.
   *
   * @param rows how many are wanted
   * @param order where each of them stands in the tensor
   */
  record Piece(TensorInfo tensor, int rows, IntUnaryOperator order) {}

  /**
   * @param file starts messages
   * @param memory where what is gathered goes
   */
  LoraRows(String file, SegmentAllocator memory) {
    this.file = file;
    this.memory = memory;
  }

  /** The type in which a tensor's numbers are kept unchanged and multiplied unquantised. */
  static TensorType kept(TensorType type) {
    return switch (type) {
      case F16, BF16 -> type;
      default -> TensorType.F32;
    };
  }

  /** A matrix without numbers. */
  static TensorInfo shape(TensorType type, int rows, int columns) {
    List<Long> shape = List.of((long) columns, (long) rows);
    return new TensorInfo("", type, shape, 0, MemorySegment.NULL);
  }

  /**
   * One matrix of all pieces, one below the other.
   *
   * @param type F32, or the type of all of them
   * @throws ModelFormatException where a number is not finite
   */
  TensorInfo gather(List<Piece> pieces, TensorType type) {
    int columns = Math.toIntExact(pieces.getFirst().tensor.columns());
    int rows = pieces.stream().mapToInt(Piece::rows).sum();
    MemorySegment data = memory.allocate(type.bytes((long) rows * columns), Float.BYTES);
    float[] numbers = new float[columns];
    long at = 0;
    for (Piece piece : pieces) {
      TensorInfo tensor = piece.tensor;
      for (int row = 0; row < piece.rows; row++) {
        long from = piece.order.applyAsInt(row) * tensor.type().bytes(columns);
        Dequantizer.dequantize(tensor.type(), tensor.data(), from, columns, numbers, 0);
        requireFinite(tensor, numbers);
        if (type == tensor.type()) {
          MemorySegment.copy(tensor.data(), from, data, at, type.bytes(columns));
        } else {
          MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_FLOAT, at, columns);
        }
        at += type.bytes(columns);
      }
    }
    return new TensorInfo(file, type, List.of((long) columns, (long) rows), 0, data);
  }

  private void requireFinite(TensorInfo tensor, float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new ModelFormatException(
            "%s: tensor %s holds %s; every number must be finite"
                .formatted(file, tensor.name(), number));
      }
    }
  }
}

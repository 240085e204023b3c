package io.yuntai.engine.checkpoint;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quantize.SourceTensor;
import io.yuntai.engine.quantize.SourceTensor.Rows;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Rows of GGUF's tensors out of published ones: reordered, joined, split, shifted. */
final class PublishedRows {
  private PublishedRows() {}

  /** Row i is the published row {@code source(i)}. */
  static Rows reordered(TensorInfo tensor, LongUnaryOperator source) {
    Rows published = SourceTensor.rowsOf(tensor);
    int columns = Math.toIntExact(tensor.columns());
    return (first, count, target) -> {
      float[] row = new float[columns];
      for (int i = 0; i < count; i++) {
        published.read(source.applyAsLong(first + i), 1, row);
        System.arraycopy(row, 0, target, i * columns, columns);
      }
    };
  }

  /** All rows of one tensor after the other; all have the same shape. */
  static Rows joined(List<TensorInfo> parts) {
    List<Rows> published = parts.stream().map(SourceTensor::rowsOf).toList();
    int columns = Math.toIntExact(parts.getFirst().columns());
    long rows = parts.getFirst().rows();
    return (first, count, target) -> {
      float[] row = new float[columns];
      for (int i = 0; i < count; i++) {
        long at = first + i;
        published.get((int) (at / rows)).read(at % rows, 1, row);
        System.arraycopy(row, 0, target, i * columns, columns);
      }
    };
  }

  /** Every value larger by one. */
  static Rows plusOne(TensorInfo tensor) {
    Rows published = SourceTensor.rowsOf(tensor);
    int columns = Math.toIntExact(tensor.columns());
    return (first, count, target) -> {
      published.read(first, count, target);
      for (int i = 0; i < count * columns; i++) {
        target[i] += 1;
      }
    };
  }

  /**
   * Each head's first {@code taken} rows of {@code perHead}, transposed: row {@code h * columns +
   * c} of the result has column {@code c} of head {@code h}.
   */
  static Rows transposedHeads(TensorInfo tensor, int perHead, int taken) {
    Rows published = SourceTensor.rowsOf(tensor);
    int columns = Math.toIntExact(tensor.columns());
    return (first, count, target) -> {
      float[] head = new float[taken * columns];
      long read = -1;
      for (int i = 0; i < count; i++) {
        long number = (first + i) / columns;
        if (number != read) {
          published.read(number * perHead, taken, head);
          read = number;
        }
        int column = (int) ((first + i) % columns);
        for (int j = 0; j < taken; j++) {
          target[i * taken + j] = head[j * columns + column];
        }
      }
    };
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.Packer;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds tensors, checks their shapes, and gives each matrix its place in memory, in the order of
 * asking; packing fills the places later.
 */
final class TensorLoader {
  private final GgufFile file;
  private final SegmentAllocator memory;
  private final Transposes transposes;
  private final List<PackedMatrix> matrices = new ArrayList<>();

  /**
   * @param memory gives matrices their places
   * @param transposes makes and keeps what the file has the other way round
   */
  TensorLoader(GgufFile file, SegmentAllocator memory, Transposes transposes) {
    this.file = file;
    this.memory = memory;
    this.transposes = transposes;
  }

  /** All matrices that were placed, in order. */
  List<PackedMatrix> matrices() {
    return matrices;
  }

  boolean has(String name) {
    return file.findTensor(name).isPresent();
  }

  /** A vector, in F32. */
  float[] vector(String name, int length) {
    TensorInfo tensor = tensor(name, length);
    float[] values = new float[length];
    Dequantizer.dequantize(tensor.type(), tensor.data(), 0, length, values, 0);
    return values;
  }

  /** A whole tensor as one matrix. */
  PackedMatrix matrix(String name, int columns, int rows) {
    return place(tensor(name, columns, rows));
  }

  /** A tensor of three dimensions as one matrix for each of the last. */
  List<PackedMatrix> matrices(String name, int columns, int rows, int count) {
    TensorInfo tensor = tensor(name, columns, rows, count);
    List<PackedMatrix> slices = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      slices.add(place(tensor.slice(String.valueOf(i), (long) i * rows, rows)));
    }
    return slices;
  }

  /** Gives a tensor, or a part of one, its place. */
  PackedMatrix place(TensorInfo tensor) {
    PackedMatrix matrix = Packer.allocate(tensor, memory);
    matrices.add(matrix);
    return matrix;
  }

  /** Gives a tensor's transpose its place. */
  PackedMatrix placeTransposed(TensorInfo tensor) {
    return place(transposes.of(tensor));
  }

  /** A tensor of rows of this length, however many. */
  TensorInfo rowsOf(String name, int columns) {
    TensorInfo tensor = file.tensor(name);
    return tensor.shape().size() == 1
        ? tensor(name, columns)
        : tensor(name, columns, tensor.rows());
  }

  /** A tensor of exactly this shape. */
  TensorInfo tensor(String name, long... shape) {
    TensorInfo tensor = file.tensor(name);
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw new ModelFormatException(
          "%s: tensor %s has shape %s, but the metadata asks for %s"
              .formatted(file.name(), name, tensor.shape(), expected));
    }
    return tensor;
  }
}

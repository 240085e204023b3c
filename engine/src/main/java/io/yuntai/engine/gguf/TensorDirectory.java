package io.yuntai.engine.gguf;

import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the tensor list of a GGUF file and checks every tensor against the file. */
final class TensorDirectory {
  /** DeepSeek-V3 with every expert a tensor of its own would have about 47,000. */
  static final int MAX_TENSORS = 65_536;

  static final int MAX_NAME_BYTES = 1_024;
  static final int MAX_DIMENSIONS = 4;
  static final int MIN_ALIGNMENT = 8;
  static final int MAX_ALIGNMENT = 1 << 20;

  /** A tensor as listed, before its place in the file is known. */
  private record Listed(String name, TensorType type, List<Long> shape, long bytes, long offset) {}

  private final ByteCursor cursor;
  private final MemorySegment file;

  TensorDirectory(ByteCursor cursor, MemorySegment file) {
    this.cursor = cursor;
    this.file = file;
  }

  /**
   * The tensors in the list's order.
   *
   * @param count how many the header claims; as an unsigned number
   * @param alignment of the data section and of each tensor in it
   */
  List<TensorInfo> read(long count, long alignment) {
    if (!isAlignment(alignment)) {
      throw cursor.refuse(
          "metadata 'general.alignment' should be a power of two from "
              + MIN_ALIGNMENT
              + " to "
              + MAX_ALIGNMENT
              + " but is "
              + alignment);
    }
    if (Long.compareUnsigned(count, MAX_TENSORS) > 0) {
      throw cursor.refuse(
          "the header claims "
              + Long.toUnsignedString(count)
              + " tensors, more than the "
              + MAX_TENSORS
              + " allowed; the file is damaged");
    }
    List<Listed> listed = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Listed tensor = readOne(i);
      if (!names.add(tensor.name)) {
        throw cursor.refuse("tensor '" + tensor.name + "' appears twice; the file is damaged");
      }
      listed.add(tensor);
    }
    long dataStart = (cursor.position() + alignment - 1) & -alignment;
    List<TensorInfo> tensors = new ArrayList<>(listed.size());
    for (Listed tensor : listed) {
      tensors.add(place(tensor, dataStart, alignment));
    }
    refuseOverlaps(tensors);
    return List.copyOf(tensors);
  }

  static boolean isAlignment(long alignment) {
    return alignment >= MIN_ALIGNMENT
        && alignment <= MAX_ALIGNMENT
        && Long.bitCount(alignment) == 1;
  }

  private Listed readOne(int index) {
    String name = cursor.name("the name of tensor " + (index + 1), MAX_NAME_BYTES);
    String what = "tensor '" + name + "'";
    int dimensions = cursor.int32(what);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw cursor.refuse(
          what
              + " claims "
              + Integer.toUnsignedString(dimensions)
              + " dimensions; one to "
              + MAX_DIMENSIONS
              + " are allowed");
    }
    List<Long> shape = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      long dimension = cursor.int64(what);
      if (dimension < 1 || dimension > Integer.MAX_VALUE) {
        throw cursor.refuse(
            what
                + " has the dimension "
                + Long.toUnsignedString(dimension)
                + "; 1 to "
                + Integer.MAX_VALUE
                + " are allowed");
      }
      shape.add(dimension);
    }
    TensorType type = type(cursor.int32(what), what);
    long bytes = bytes(what, type, shape);
    return new Listed(name, type, List.copyOf(shape), bytes, cursor.int64(what));
  }

  private TensorType type(int id, String what) {
    return TensorType.find(id)
        .orElseThrow(() ->
            cursor.refuse(
                what
                    + " has the type "
                    + TensorType.describe(id)
                    + ", which is not supported; use a file with "
                    + TensorType.all()));
  }

  private long bytes(String what, TensorType type, List<Long> shape) {
    long columns = shape.getFirst();
    if (columns % type.elementsPerBlock() != 0) {
      throw cursor.refuse(
          what
              + " has rows of "
              + columns
              + " elements, which is no multiple of "
              + type
              + "'s block of "
              + type.elementsPerBlock());
    }
    try {
      return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
    } catch (ArithmeticException e) {
      throw cursor.refuse(what + " has the shape " + shape + ", whose size overflows 64 bits");
    }
  }

  private TensorInfo place(Listed tensor, long dataStart, long alignment) {
    String what = "tensor '" + tensor.name + "'";
    if (tensor.offset % alignment != 0) {
      throw cursor.refuse(
          what
              + " starts at offset "
              + Long.toUnsignedString(tensor.offset)
              + ", which is no multiple of the alignment "
              + alignment);
    }
    // Written without sums that could overflow.
    long available = file.byteSize() - dataStart;
    if (tensor.offset < 0
        || tensor.offset > available
        || tensor.bytes > available - tensor.offset) {
      throw cursor.refuse(
          what
              + " needs "
              + tensor.bytes
              + " bytes at offset "
              + Long.toUnsignedString(tensor.offset)
              + " of the data, but only "
              + Math.max(0, available)
              + " bytes of data are there; the file is truncated or damaged, fetch it again");
    }
    long offset = dataStart + tensor.offset;
    MemorySegment data = file.asSlice(offset, tensor.bytes);
    return new TensorInfo(tensor.name, tensor.type, tensor.shape, offset, data);
  }

  private void refuseOverlaps(List<TensorInfo> tensors) {
    List<TensorInfo> byOffset =
        tensors.stream().sorted(Comparator.comparingLong(TensorInfo::offset)).toList();
    for (int i = 1; i < byOffset.size(); i++) {
      TensorInfo before = byOffset.get(i - 1);
      TensorInfo after = byOffset.get(i);
      if (before.offset() + before.data().byteSize() > after.offset()) {
        throw cursor.refuse(
            "tensors '"
                + before.name()
                + "' and '"
                + after.name()
                + "' overlap; the file is damaged");
      }
    }
  }
}

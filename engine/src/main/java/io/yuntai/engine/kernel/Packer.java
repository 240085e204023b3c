package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix.Form;
import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** Rearranges tensors of a file into {@link PackedMatrix}, tile by tile. */
public final class Packer {
  /** A cache line. */
  private static final long ALIGNMENT = 64;

  private Packer() {}

  /** The empty matrix for a tensor; its tiles are then filled by {@link #packTile}. */
  public static PackedMatrix allocate(TensorInfo tensor, SegmentAllocator memory) {
    PackedMatrix shape = describe(tensor, MemorySegment.NULL);
    long bytes = shape.tiles() * shape.tileBytes();
    return describe(tensor, memory.allocate(bytes, ALIGNMENT));
  }

  /** Bytes that a tensor takes when packed, alignment included. */
  public static long packedBytes(TensorInfo tensor) {
    PackedMatrix shape = describe(tensor, MemorySegment.NULL);
    return Math.ceilDiv(shape.tiles() * shape.tileBytes(), ALIGNMENT) * ALIGNMENT;
  }

  private static PackedMatrix describe(TensorInfo tensor, MemorySegment data) {
    TensorType type = tensor.type();
    int rows = Math.toIntExact(tensor.rows());
    int columns = Math.toIntExact(tensor.columns());
    if (type.blockFormat().isEmpty()) {
      Form form =
          switch (type) {
            case F16 -> Form.F16;
            case BF16 -> Form.BF16;
            default -> Form.F32;
          };
      return new PackedMatrix(tensor, form, rows, columns, 32, false, 0, data);
    }
    BlockFormat format = type.blockFormat().get();
    boolean nibbles = hasNibbles(type);
    return new PackedMatrix(
        tensor,
        nibbles ? Form.NIBBLES : Form.BYTES,
        rows,
        columns,
        format.groupSize(),
        format.hasMin(),
        nibbles && !format.hasMin() ? 8 : 0,
        data);
  }

  /** Types whose codes are sixteen consecutive integers in groups of 32. */
  private static boolean hasNibbles(TensorType type) {
    return switch (type) {
      case Q4_0, Q4_1, Q4_K -> true;
      default -> false;
    };
  }

  /** Fills one tile of a matrix. Different tiles may be filled by different threads. */
  public static void packTile(PackedMatrix matrix, int tile) {
    if (matrix.form().quantized()) {
      packCodes(matrix, tile);
    } else {
      packPlain(matrix, tile);
    }
  }

  private static void packCodes(PackedMatrix matrix, int tile) {
    BlockFormat format = matrix.source().type().blockFormat().orElseThrow();
    int elements = format.elements();
    int blocks = matrix.columns() / elements;
    int groups = elements / format.groupSize();
    int rows = Math.min(TILE_ROWS, matrix.rows() - tile * TILE_ROWS);
    byte[] codes = new byte[elements];
    float[] scales = new float[groups];
    float[] mins = new float[groups];
    byte[] packed = new byte[matrix.groupBytes() * groups];
    MemorySegment packedSegment = MemorySegment.ofArray(packed);
    for (int block = 0; block < blocks; block++) {
      java.util.Arrays.fill(packed, (byte) 0);
      for (int row = 0; row < rows; row++) {
        long source = ((long) (tile * TILE_ROWS + row) * blocks + block) * format.bytes();
        format.unpack(matrix.source().data(), source, codes, 0, scales, mins, 0);
        for (int group = 0; group < groups; group++) {
          int at = group * matrix.groupBytes();
          packedSegment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * row, scales[group]);
          if (matrix.hasMin()) {
            packedSegment.set(
                ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * (TILE_ROWS + row), mins[group]);
          }
          scatter(
              matrix, codes, group * format.groupSize(), packed, at + matrix.headerBytes() + row);
        }
      }
      long target = tile * matrix.tileBytes() + (long) block * packed.length;
      MemorySegment.copy(packed, 0, matrix.data(), ValueLayout.JAVA_BYTE, target, packed.length);
    }
  }

  private static void scatter(PackedMatrix matrix, byte[] codes, int from, byte[] packed, int at) {
    if (matrix.form() == Form.NIBBLES) {
      int bias = matrix.bias();
      for (int i = 0; i < 16; i++) {
        packed[at + i * TILE_ROWS] =
            (byte) (codes[from + i] + bias | (codes[from + i + 16] + bias) << 4);
      }
    } else {
      for (int i = 0; i < matrix.groupSize(); i++) {
        packed[at + i * TILE_ROWS] = codes[from + i];
      }
    }
  }

  private static void packPlain(PackedMatrix matrix, int tile) {
    int bytes = matrix.form() == Form.F32 ? 4 : 2;
    int rows = Math.min(TILE_ROWS, matrix.rows() - tile * TILE_ROWS);
    MemorySegment source = matrix.source().data();
    long target = tile * matrix.tileBytes();
    for (int row = 0; row < rows; row++) {
      long from = (long) (tile * TILE_ROWS + row) * matrix.columns();
      for (int column = 0; column < matrix.columns(); column++) {
        MemorySegment.copy(
            source,
            (from + column) * bytes,
            matrix.data(),
            target + ((long) column * TILE_ROWS + row) * bytes,
            bytes);
      }
    }
  }
}

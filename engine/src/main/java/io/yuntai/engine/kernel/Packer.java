package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.BlockScales;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rearranges tensors of a file into {@link PackedMatrix}, tile by tile. */
public final class Packer {
  /** A cache line. */
  private static final long ALIGNMENT = 64;

  private static final int ONES = 0x01010101;
  private static final int SIGN_BITS = 0x80808080;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Packer() {}

  /** The empty matrix for a tensor; its tiles are then filled by {@link #packTile}. */
  public static PackedMatrix allocate(TensorInfo tensor, SegmentAllocator memory) {
    PackedMatrix shape = PackedMatrix.describe(tensor, MemorySegment.NULL);
    long bytes = shape.tiles() * shape.tileBytes();
    return PackedMatrix.describe(tensor, memory.allocate(bytes, ALIGNMENT));
  }

  /** Bytes that a tensor takes when packed, alignment included. */
  public static long packedBytes(TensorInfo tensor) {
    PackedMatrix shape = PackedMatrix.describe(tensor, MemorySegment.NULL);
    return Math.ceilDiv(shape.tiles() * shape.tileBytes(), ALIGNMENT) * ALIGNMENT;
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
    int rows = Math.min(TILE_ROWS, matrix.rows() - tile * TILE_ROWS);
    byte[] codes = new byte[format.elements()];
    BlockScales scales = new BlockScales();
    byte[] packed = new byte[matrix.blockBytes()];
    MemorySegment from = MemorySegment.ofArray(packed);
    for (int block = 0; block < matrix.blocks(); block++) {
      if (rows < TILE_ROWS) {
        Arrays.fill(packed, (byte) 0);
      }
      for (int row = 0; row < rows; row++) {
        long source = ((long) (tile * TILE_ROWS + row) * matrix.blocks() + block) * format.bytes();
        format.unpack(matrix.source().data(), source, codes, 0, scales);
        packScales(matrix, scales, row, packed);
        int at =
            matrix.codesOffset()
                + row / VECTOR_ROWS * matrix.vectorBytes()
                + row % VECTOR_ROWS * Integer.BYTES;
        for (int column = 0; column < codes.length; column += CODE_COLUMNS) {
          packRow(matrix, codes, column, packed, at);
          at += 2 * matrix.vectorBytes();
        }
      }
      long target = tile * matrix.tileBytes() + (long) block * packed.length;
      MemorySegment.copy(from, 0, matrix.data(), target, packed.length);
    }
  }

  private static void packScales(PackedMatrix matrix, BlockScales scales, int row, byte[] packed) {
    packScale(matrix, packed, row, 0, scales.scale);
    if (matrix.hasMin()) {
      packScale(matrix, packed, row, matrix.minimaOffset(), scales.minimum);
    }
    if (matrix.hasGroupScales()) {
      for (int group = 0; group < matrix.blockColumns() / matrix.groupSize(); group++) {
        int at = group * TILE_ROWS + row;
        packed[matrix.groupScalesOffset() + at] = scales.groupScales[group];
        if (matrix.hasMin()) {
          packed[matrix.groupMinimaOffset() + at] = scales.groupMinimums[group];
        }
      }
    }
  }

  private static void packScale(
      PackedMatrix matrix, byte[] packed, int row, int from, float scale) {
    int at = from + row * matrix.scaleBytes();
    if (matrix.scaleBytes() == 2) {
      SHORT.set(packed, at, Float.floatToFloat16(scale)); // exact: it came from an F16
    } else {
      FLOAT.set(packed, at, scale);
    }
  }

  /** Stores 32 codes of a row, four at a time. */
  private static void packRow(PackedMatrix matrix, byte[] codes, int from, byte[] packed, int at) {
    if (matrix.form() == PackedMatrix.Form.BYTES) {
      for (int quad = 0; quad < 8; quad++) {
        INT.set(packed, at + quad * 64, quad(codes, from, quad) ^ SIGN_BITS);
      }
      return;
    }
    int bits = matrix.form().bits();
    int mask = ((1 << bits) - 1) * ONES;
    int flip = matrix.hasMin() ? 0 : (1 << (bits - 1)) * ONES;
    int firstPlane = 0;
    int secondPlane = 0;
    for (int quad = 0; quad < 4; quad++) {
      int low = (quad(codes, from, quad) ^ flip) & mask;
      int high = (quad(codes, from, quad + 4) ^ flip) & mask;
      INT.set(packed, at + quad * 64, (low & (15 * ONES)) | ((high & (15 * ONES)) << 4));
      if (bits == 5) {
        firstPlane |= (((low >>> 4) & ONES) << quad) | (((high >>> 4) & ONES) << (quad + 4));
      } else {
        firstPlane |= ((low >>> 4) & (3 * ONES)) << (2 * quad);
        secondPlane |= ((high >>> 4) & (3 * ONES)) << (2 * quad);
      }
    }
    if (bits > 4) {
      INT.set(packed, at + 4 * 64, firstPlane);
    }
    if (bits > 5) {
      INT.set(packed, at + 5 * 64, secondPlane);
    }
  }

  private static int quad(byte[] codes, int from, int quad) {
    return (int) INT.get(codes, from + 4 * quad);
  }

  private static void packPlain(PackedMatrix matrix, int tile) {
    int bytes = matrix.form().bits() / 8;
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

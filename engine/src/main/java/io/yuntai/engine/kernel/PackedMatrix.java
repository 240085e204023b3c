package io.yuntai.engine.kernel;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix rearranged so that a vector's lanes are rows.
 *
 * <p>Rows are taken in tiles of {@link #TILE_ROWS}, columns in the format's blocks (32 or 256
 * columns). A tile's blocks stand one after the other, so that one thread reads one tile as a
 * single stream. A block is
 *
 * <pre>
 *   scales          of each row, 32 x F16 (F32 where the format's are)
 *   minima          of each row, likewise                                  (formats with a minimum)
 *   group scales    per group 32 signed bytes                              (blocks of 256)
 *   group minima    per group 32 bytes                                     (blocks of 256 with a minimum)
 *   codes           per 32 columns 16 rows, then the other 16
 * </pre>
 *
 * <p>16 rows of 32 columns of codes are vectors of 64 bytes, each a <em>quad</em>: 4 consecutive
 * columns of 16 rows, a row's four side by side, as multiply-and-add instructions for bytes take
 * them. Quad q has columns 4q to 4q + 3. Four vectors hold the low four bits, quads 0 to 3 in the
 * low halves and 4 to 7 in the high halves of bytes; then follow, for {@link Form#FIVES}, one
 * vector in which quad q has bit q, and for {@link Form#SIXES} two vectors in which quads 0 to 3 (4
 * to 7) have two bits each. {@link Form#BYTES} are eight vectors.
 *
 * <p>Codes are stored as unsigned numbers: without a minimum, half their range is added.
 *
 * <p>F16, BF16 and F32 weights stand column after column, 32 rows each, without anything else. The
 * last tile is filled up with zero rows.
 *
 * @param source the tensor as it stands in the file: what the scalar reference reads
 * @param form how codes are stored
 * @param rows number of rows (outputs)
 * @param columns number of columns (inputs)
 * @param blockColumns columns of a block: 32 or 256
 * @param groupSize columns that share one scale: 16 or 32
 * @param hasMin whether groups carry a minimum
 * @param scaleBytes bytes of a block's scale: 2 or 4
 * @param data the packed bytes
 */
public record PackedMatrix(
    TensorInfo source,
    Form form,
    int rows,
    int columns,
    int blockColumns,
    int groupSize,
    boolean hasMin,
    int scaleBytes,
    MemorySegment data) {
  /**
   * Version of the bytes that packing gives: one more whenever they change for any tensor. Packed
   * weights on disk (package {@code packed}) are of one version.
   */
  public static final int LAYOUT_VERSION = 2;

  /** Rows in one tile. */
  public static final int TILE_ROWS = 32;

  /** Columns whose codes stand together. */
  static final int CODE_COLUMNS = 32;

  /** Rows of one vector of codes. */
  static final int VECTOR_ROWS = 16;

  /** Storage of codes. */
  public enum Form {
    /** 4-bit codes. */
    NIBBLES(4),
    /** 5-bit codes. */
    FIVES(5),
    /** 6-bit codes. */
    SIXES(6),
    /** 8-bit codes. */
    BYTES(8),
    /** IEEE binary16 weights. */
    F16(16),
    /** The upper half of binary32. */
    BF16(16),
    /** Binary32 weights. */
    F32(32);

    private final int bits;

    Form(int bits) {
      this.bits = bits;
    }

    /** Bits of one weight, scales not counted. */
    public int bits() {
      return bits;
    }

    /** Whether products are of integers, so that activations are quantised too. */
    public boolean quantized() {
      return bits <= 8;
    }
  }

  static PackedMatrix describe(TensorInfo tensor, MemorySegment data) {
    TensorType type = tensor.type();
    int rows = Math.toIntExact(tensor.rows());
    int columns = Math.toIntExact(tensor.columns());
    if (type.blockFormat().isEmpty()) {
      return new PackedMatrix(
          tensor, form(type), rows, columns, CODE_COLUMNS, CODE_COLUMNS, false, 0, data);
    }
    BlockFormat format = type.blockFormat().get();
    return new PackedMatrix(
        tensor,
        form(type),
        rows,
        columns,
        format.elements(),
        format.groupSize(),
        format.hasMin(),
        format.hasHalfScales() ? 2 : 4,
        data);
  }

  private static Form form(TensorType type) {
    return switch (type) {
      case F16 -> Form.F16;
      case BF16 -> Form.BF16;
      case Q4_0, Q4_1, Q4_K, Q2_K, Q3_K -> Form.NIBBLES;
      case Q5_0, Q5_1, Q5_K -> Form.FIVES;
      case Q6_K -> Form.SIXES;
      case Q8_0, IQ4_NL, IQ4_XS, MXFP4 -> Form.BYTES;
      case F32 -> Form.F32;
    };
  }

  /** Number of tiles. */
  public int tiles() {
    return (rows + TILE_ROWS - 1) / TILE_ROWS;
  }

  /** Number of blocks of a tile, the last one of plain weights possibly short. */
  int blocks() {
    return (columns + blockColumns - 1) / blockColumns;
  }

  /** Whether groups have scales of their own beside the block's. */
  boolean hasGroupScales() {
    return blockColumns > groupSize;
  }

  /**
   * Left shift that brings a signed code's range to 8 bits: products are taken of codes times
   * 2^shift with scales times 2^-shift, so that one offset fits all formats.
   */
  int codeShift() {
    return hasMin ? 0 : 8 - form.bits();
  }

  /** Bytes from a block's start to its minima. */
  int minimaOffset() {
    return TILE_ROWS * scaleBytes;
  }

  /** Bytes from a block's start to its groups' scales. */
  int groupScalesOffset() {
    return (hasMin ? 2 : 1) * TILE_ROWS * scaleBytes;
  }

  /** Bytes from a block's start to its groups' minima. */
  int groupMinimaOffset() {
    return groupScalesOffset() + groupScaleBytes();
  }

  /** Bytes from a block's start to its codes. */
  int codesOffset() {
    return form.quantized() ? groupScalesOffset() + (hasMin ? 2 : 1) * groupScaleBytes() : 0;
  }

  private int groupScaleBytes() {
    return hasGroupScales() ? blockColumns / groupSize * TILE_ROWS : 0;
  }

  /** Bytes of codes of 16 rows and 32 columns. */
  int vectorBytes() {
    return VECTOR_ROWS * CODE_COLUMNS * form.bits() / 8;
  }

  /** Bytes of one full block of one tile. */
  int blockBytes() {
    return codesOffset() + blockColumns / CODE_COLUMNS * 2 * vectorBytes();
  }

  /** Bytes of one tile. */
  long tileBytes() {
    return form.quantized()
        ? (long) blocks() * blockBytes()
        : (long) columns * TILE_ROWS * form.bits() / 8;
  }
}

package io.yuntai.engine.kernel;

import io.yuntai.engine.gguf.TensorInfo;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix rearranged so that a vector's lanes are rows.
 *
 * <p>Rows are taken in tiles of {@link #TILE_ROWS}, columns in groups of {@link #groupSize()}. A
 * tile's groups stand one after the other, each as
 *
 * <pre>
 *   scale of each row     32 x F32      (block formats only)
 *   minimum of each row   32 x F32      (block formats with a minimum only)
 *   codes                 column after column, 32 rows each:
 *                         NIBBLES  16 x 32 bytes, low half = column j, high half = column j + 16, less {@link #bias()}
 *                         BYTES    groupSize x 32 signed bytes
 *                         F16, BF16, F32  groupSize x 32 values
 * </pre>
 *
 * so that one thread reads one tile as a single stream. The last tile is filled up with zero rows.
 * The last group of an F16, BF16 or F32 matrix may have fewer columns.
 *
 * @param source the tensor as it stands in the file: what the scalar reference reads
 * @param form how codes are stored
 * @param rows number of rows (outputs)
 * @param columns number of columns (inputs)
 * @param groupSize columns that share one scale: 16 or 32
 * @param hasMin whether groups carry a minimum
 * @param bias subtracted from nibbles to give the code
 * @param data the packed bytes
 */
public record PackedMatrix(
    TensorInfo source,
    Form form,
    int rows,
    int columns,
    int groupSize,
    boolean hasMin,
    int bias,
    MemorySegment data) {
  /**
   * Version of the bytes that packing gives: one more whenever they change for any tensor. Packed
   * weights on disk (package {@code packed}) are of one version.
   */
  public static final int LAYOUT_VERSION = 1;

  /** Rows in one tile. */
  public static final int TILE_ROWS = 32;

  /** Storage of codes. */
  public enum Form {
    /** Two 4-bit codes a byte. */
    NIBBLES(true),
    /** One signed 8-bit code a byte. */
    BYTES(true),
    /** IEEE binary16 weights. */
    F16(false),
    /** The upper half of binary32. */
    BF16(false),
    /** Binary32 weights. */
    F32(false);

    private final boolean quantized;

    Form(boolean quantized) {
      this.quantized = quantized;
    }

    /** Whether products are of integers, so that activations are quantised too. */
    public boolean quantized() {
      return quantized;
    }
  }

  /** Number of tiles. */
  public int tiles() {
    return (rows + TILE_ROWS - 1) / TILE_ROWS;
  }

  /** Number of column groups, the last one possibly short. */
  public int groups() {
    return (columns + groupSize - 1) / groupSize;
  }

  /** Bytes of scales and minima before the codes of one group. */
  int headerBytes() {
    return form.quantized() ? (hasMin ? 2 : 1) * TILE_ROWS * Float.BYTES : 0;
  }

  /** Bytes of one full group of one tile. */
  int groupBytes() {
    return headerBytes() + codeBytes(form, groupSize);
  }

  /** Bytes of one tile. */
  long tileBytes() {
    return tileBytes(form, columns, groupSize, headerBytes());
  }

  static long tileBytes(Form form, int columns, int groupSize, int headerBytes) {
    int full = columns / groupSize;
    int rest = columns % groupSize;
    return (long) full * (headerBytes + codeBytes(form, groupSize))
        + (rest == 0 ? 0 : headerBytes + codeBytes(form, rest));
  }

  static int codeBytes(Form form, int columns) {
    return switch (form) {
      case NIBBLES -> columns / 2 * TILE_ROWS;
      case BYTES -> columns * TILE_ROWS;
      case F16, BF16 -> columns * TILE_ROWS * 2;
      case F32 -> columns * TILE_ROWS * 4;
    };
  }
}

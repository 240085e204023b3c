package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.Lanes.INTS;
import static io.yuntai.engine.kernel.Lanes.SHORTS_OF_INTS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Turns 32 columns of a packed tile into F32, column after column with 32 rows each. */
final class Unpacker {
  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int ONES = 0x01010101;

  /** 2^112, which moves an F16 exponent in an F32's place. */
  private static final float HALF_SCALE = 0x1p112f;

  private static final int HALF_INFINITY = 0x7c00;
  private static final int FLOAT_INFINITY = 0x7f800000;

  private Unpacker() {}

  /** Plain weights. */
  static void plain(PackedMatrix matrix, long offset, int columns, float[] to) {
    MemorySegment data = matrix.data();
    switch (matrix.form()) {
      case F16 -> halves(data, offset, columns, to);
      case BF16 -> upperHalves(data, offset, columns, to);
      default ->
          MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, to, 0, columns * ROWS);
    }
  }

  /** Signed codes of 32 columns, times 2^{@link PackedMatrix#codeShift}. */
  static void codes(PackedMatrix matrix, long offset, float[] to) {
    MemorySegment data = matrix.data();
    int shift = matrix.codeShift();
    int less = matrix.hasMin() ? 0 : 128;
    for (int row = 0; row < ROWS; row += FLOAT_LANES) {
      long half = row / VECTOR_ROWS;
      long at = offset + half * matrix.vectorBytes() + row % VECTOR_ROWS * 4L;
      switch (matrix.form()) {
        case NIBBLES -> nibbles(data, at, shift, less, to, row);
        case FIVES -> fives(data, at, shift, less, to, row);
        case SIXES -> sixes(data, at, shift, less, to, row);
        default -> bytes(data, at, to, row);
      }
    }
  }

  private static void nibbles(
      MemorySegment data, long at, int shift, int less, float[] to, int row) {
    for (int quad = 0; quad < 4; quad++) {
      IntVector both = ints(data, at + quad * 64L);
      quad(both.and(15 * ONES), shift, less, to, quad, row);
      quad(both.lanewise(VectorOperators.LSHR, 4).and(15 * ONES), shift, less, to, quad + 4, row);
    }
  }

  private static void fives(MemorySegment data, long at, int shift, int less, float[] to, int row) {
    IntVector plane = ints(data, at + 4 * 64L);
    for (int quad = 0; quad < 4; quad++) {
      IntVector both = ints(data, at + quad * 64L);
      IntVector low =
          plane.lanewise(VectorOperators.LSHR, quad).and(ONES).lanewise(VectorOperators.LSHL, 4);
      IntVector high =
          plane
              .lanewise(VectorOperators.LSHR, quad + 4)
              .and(ONES)
              .lanewise(VectorOperators.LSHL, 4);
      quad(both.and(15 * ONES).or(low), shift, less, to, quad, row);
      both = both.lanewise(VectorOperators.LSHR, 4).and(15 * ONES);
      quad(both.or(high), shift, less, to, quad + 4, row);
    }
  }

  private static void sixes(MemorySegment data, long at, int shift, int less, float[] to, int row) {
    IntVector first = ints(data, at + 4 * 64L);
    IntVector second = ints(data, at + 5 * 64L);
    for (int quad = 0; quad < 4; quad++) {
      IntVector both = ints(data, at + quad * 64L);
      IntVector low =
          first
              .lanewise(VectorOperators.LSHR, 2 * quad)
              .and(3 * ONES)
              .lanewise(VectorOperators.LSHL, 4);
      IntVector high =
          second
              .lanewise(VectorOperators.LSHR, 2 * quad)
              .and(3 * ONES)
              .lanewise(VectorOperators.LSHL, 4);
      quad(both.and(15 * ONES).or(low), shift, less, to, quad, row);
      both = both.lanewise(VectorOperators.LSHR, 4).and(15 * ONES);
      quad(both.or(high), shift, less, to, quad + 4, row);
    }
  }

  private static void bytes(MemorySegment data, long at, float[] to, int row) {
    for (int quad = 0; quad < 8; quad++) {
      quad(ints(data, at + quad * 64L), 0, 128, to, quad, row);
    }
  }

  private static IntVector ints(MemorySegment data, long at) {
    return IntVector.fromMemorySegment(INTS, data, at, LITTLE_ENDIAN);
  }

  /** Four unsigned codes in each lane, as four columns. */
  private static void quad(IntVector codes, int shift, int less, float[] to, int quad, int row) {
    for (int i = 0; i < 4; i++) {
      IntVector code = codes.lanewise(VectorOperators.LSHR, 8 * i).and(255);
      code = code.lanewise(VectorOperators.LSHL, shift).sub(less);
      ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoArray(to, (4 * quad + i) * ROWS + row);
    }
  }

  /** The scales of a group's 32 rows, times 2^-{@link PackedMatrix#codeShift}. */
  static void scales(PackedMatrix matrix, long block, int group, float[] to) {
    rows(matrix, block, block + matrix.groupScalesOffset() + (long) group * ROWS, to);
    int shift = matrix.codeShift();
    if (shift > 0) {
      float factor = 1f / (1 << shift);
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        FloatVector.fromArray(FLOATS, to, row).mul(factor).intoArray(to, row);
      }
    }
  }

  /** The minima of a group's 32 rows. */
  static void minima(PackedMatrix matrix, long block, int group, float[] to) {
    rows(
        matrix,
        block + matrix.minimaOffset(),
        block + matrix.groupMinimaOffset() + (long) group * ROWS,
        to);
  }

  private static void rows(PackedMatrix matrix, long blockScales, long groupScales, float[] to) {
    MemorySegment data = matrix.data();
    for (int row = 0; row < ROWS; row += FLOAT_LANES) {
      FloatVector scale =
          matrix.scaleBytes() == 2
              ? half(data, blockScales + 2L * row)
              : FloatVector.fromMemorySegment(FLOATS, data, blockScales + 4L * row, LITTLE_ENDIAN);
      scale.intoArray(to, row);
    }
    if (matrix.hasGroupScales()) {
      for (int row = 0; row < ROWS; row++) {
        to[row] *= data.get(BYTE, groupScales + row);
      }
    }
  }

  private static void halves(MemorySegment data, long offset, int columns, float[] to) {
    for (int at = 0; at < columns * ROWS; at += FLOAT_LANES) {
      half(data, offset + 2L * at).intoArray(to, at);
    }
  }

  /** F16 numbers as F32, exactly: subnormals too, since 2^112 is a power of two. */
  static FloatVector half(MemorySegment data, long offset) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(SHORTS_OF_INTS, data, offset, LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    IntVector magnitude = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
    IntVector sign = bits.and(0x8000).lanewise(VectorOperators.LSHL, 16);
    IntVector number = magnitude.reinterpretAsFloats().mul(HALF_SCALE).reinterpretAsInts();
    VectorMask<Integer> infinite = magnitude.compare(VectorOperators.GE, HALF_INFINITY << 13);
    return number
        .lanewise(VectorOperators.OR, FLOAT_INFINITY, infinite)
        .or(sign)
        .reinterpretAsFloats();
  }

  private static void upperHalves(MemorySegment data, long offset, int columns, float[] to) {
    for (int at = 0; at < columns * ROWS; at += FLOAT_LANES) {
      upperHalf(data, offset + 2L * at).intoArray(to, at);
    }
  }

  /** BF16 numbers as F32. */
  static FloatVector upperHalf(MemorySegment data, long offset) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(SHORTS_OF_INTS, data, offset, LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }
}

package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.BYTES_OF_INTS;
import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.Lanes.INTS;
import static io.yuntai.engine.kernel.Lanes.SHORTS_OF_INTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Turns one group of a packed tile into F32, column after column with 32 rows each. */
final class Unpacker {
  private static final int ROWS = PackedMatrix.TILE_ROWS;

  /** {@link Lanes#INTS} vectors in one {@link Lanes#BYTES_OF_INTS}. */
  private static final int PARTS = BYTES_OF_INTS.length() / FLOAT_LANES;

  /** 2^112, which moves an F16 exponent in an F32's place. */
  private static final float HALF_SCALE = 0x1p112f;

  private static final int HALF_INFINITY = 0x7c00;
  private static final int FLOAT_INFINITY = 0x7f800000;

  private Unpacker() {}

  /** Codes of a group. */
  static void codes(PackedMatrix matrix, MemorySegment data, long offset, int columns, float[] to) {
    switch (matrix.form()) {
      case NIBBLES -> nibbles(data, offset, matrix.bias(), to);
      case BYTES -> bytes(data, offset, columns, to);
      case F16 -> halves(data, offset, columns, to);
      case BF16 -> upperHalves(data, offset, columns, to);
      case F32 ->
          MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, to, 0, columns * ROWS);
    }
  }

  /** 32 floats from the header of a group. */
  static void header(MemorySegment data, long offset, float[] to) {
    for (int i = 0; i < ROWS; i += FLOAT_LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, offset + 4L * i, LITTLE_ENDIAN).intoArray(to, i);
    }
  }

  private static void nibbles(MemorySegment data, long offset, int bias, float[] to) {
    for (int at = 0; at < 16 * ROWS; at += BYTES_OF_INTS.length()) {
      Vector<Byte> bytes =
          ByteVector.fromMemorySegment(BYTES_OF_INTS, data, offset + at, LITTLE_ENDIAN);
      for (int part = 0; part < PARTS; part++) {
        IntVector both =
            (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        int target = at + part * FLOAT_LANES;
        floats(both.and(15).sub(bias)).intoArray(to, target);
        floats(both.lanewise(VectorOperators.LSHR, 4).sub(bias)).intoArray(to, target + 16 * ROWS);
      }
    }
  }

  private static void bytes(MemorySegment data, long offset, int columns, float[] to) {
    for (int at = 0; at < columns * ROWS; at += BYTES_OF_INTS.length()) {
      Vector<Byte> bytes =
          ByteVector.fromMemorySegment(BYTES_OF_INTS, data, offset + at, LITTLE_ENDIAN);
      for (int part = 0; part < PARTS; part++) {
        IntVector ints = (IntVector) bytes.convertShape(VectorOperators.B2I, INTS, part);
        floats(ints).intoArray(to, at + part * FLOAT_LANES);
      }
    }
  }

  private static FloatVector floats(IntVector ints) {
    return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  static void halves(MemorySegment data, long offset, int columns, float[] to) {
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
      IntVector bits =
          (IntVector)
              ShortVector.fromMemorySegment(SHORTS_OF_INTS, data, offset + 2L * at, LITTLE_ENDIAN)
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at);
    }
  }
}

package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.BYTES_OF_INTS;
import static io.yuntai.engine.kernel.Lanes.BYTES_OF_SHORTS;
import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.Lanes.INTS;
import static io.yuntai.engine.kernel.Lanes.SHORTS;
import static io.yuntai.engine.kernel.Lanes.SHORT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix times one token: group after group, first the products of codes (which way depends on how
 * they are stored), then scales and minima (the same for all).
 *
 * <p>Nibbles are multiplied as 16-bit integers, of which 16 products of 15 x 127 fit one sum, and
 * widened once. For bytes, only two such products would fit, and F32 is as fast: both read memory
 * at its limit on two threads (30 GB/s). The methods that multiply call nothing but the Vector
 * API's own methods, for the reason given in {@link BatchProduct}.
 */
final class TokenProduct {
  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final long ROW_BYTES = ROWS;

  private TokenProduct() {}

  static void multiply(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outOffset,
      KernelScratch scratch) {
    Arrays.fill(scratch.accumulators, 0, ROWS, 0);
    long at = tile * matrix.tileBytes();
    if (matrix.form().quantized()) {
      quantized(matrix, at, x, scratch);
    } else {
      plain(matrix, at, x, scratch);
    }
    int rows = Math.min(ROWS, matrix.rows() - tile * ROWS);
    System.arraycopy(scratch.accumulators, 0, out, outOffset + tile * ROWS, rows);
  }

  private static void quantized(
      PackedMatrix matrix, long at, Activations x, KernelScratch scratch) {
    MemorySegment data = matrix.data();
    int size = matrix.groupSize();
    int header = matrix.headerBytes();
    boolean nibbles = matrix.form() == PackedMatrix.Form.NIBBLES;
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      int column = group * size;
      float sum = groupSum(x, group, size);
      if (!nibbles) {
        byteDots(data, at + header, x.values, column, size, scratch.dots);
      } else if (x.quantized()) {
        nibbleDots(data, at + header, x.codes, column, (int) (sum * matrix.bias()), scratch.dots);
      } else {
        Unpacker.codes(matrix, data, at + header, size, scratch.weights);
        floatDots(scratch.weights, x.values, column, size, scratch.dots);
      }
      float scale = x.scales[column / Activations.BLOCK];
      accumulate(data, at, scratch.dots, scale, scratch.accumulators);
      if (matrix.hasMin()) {
        accumulateMinima(data, at + ROWS * Float.BYTES, sum, scale, scratch.accumulators);
      }
    }
  }

  private static void plain(PackedMatrix matrix, long at, Activations x, KernelScratch scratch) {
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      int column = group * matrix.groupSize();
      int size = Math.min(matrix.groupSize(), matrix.columns() - column);
      Unpacker.codes(matrix, matrix.data(), at, size, scratch.weights);
      floatDots(scratch.weights, x.values, column, size, scratch.dots);
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        FloatVector.fromArray(FLOATS, scratch.accumulators, row)
            .add(FloatVector.fromArray(FLOATS, scratch.dots, row))
            .intoArray(scratch.accumulators, row);
      }
    }
  }

  private static float groupSum(Activations x, int group, int size) {
    return size == Activations.SUM_COLUMNS
        ? x.sums[group]
        : x.sums[2 * group] + x.sums[2 * group + 1];
  }

  /** Integer products of a group of nibbles; {@code less} takes their bias off. */
  private static void nibbleDots(
      MemorySegment data, long codes, short[] x, int column, int less, float[] dots) {
    for (int row = 0; row < ROWS; row += SHORT_LANES) {
      ShortVector low = ShortVector.zero(SHORTS);
      ShortVector high = low;
      for (int j = 0; j < 16; j++) {
        ShortVector both =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES_OF_SHORTS, data, codes + row + j * ROW_BYTES, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
        low = low.add(both.and((short) 15).mul(x[column + j]));
        high = high.add(both.lanewise(VectorOperators.LSHR, 4).mul(x[column + 16 + j]));
      }
      for (int part = 0; part < 2; part++) {
        IntVector sum =
            ((IntVector) low.convertShape(VectorOperators.S2I, INTS, part))
                .add((IntVector) high.convertShape(VectorOperators.S2I, INTS, part));
        ((FloatVector) sum.sub(less).convertShape(VectorOperators.I2F, FLOATS, 0))
            .intoArray(dots, row + part * FLOAT_LANES);
      }
    }
  }

  /**
   * Products of a group of bytes in F32: exact like integers for quantised activations (see {@link
   * BatchProduct}), a chain over the columns for others.
   */
  private static void byteDots(
      MemorySegment data, long codes, float[] x, int column, int size, float[] dots) {
    for (int row = 0; row < ROWS; row += 2 * BYTES_OF_INTS.length()) {
      for (int part = 0; part < BYTES_OF_INTS.length() / FLOAT_LANES; part++) {
        FloatVector first = FloatVector.zero(FLOATS);
        FloatVector second = first;
        for (int k = 0; k < size; k++) {
          FloatVector v = FloatVector.broadcast(FLOATS, x[column + k]);
          long at = codes + row + k * ROW_BYTES;
          first =
              ((FloatVector)
                      ByteVector.fromMemorySegment(BYTES_OF_INTS, data, at, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.B2F, FLOATS, part))
                  .fma(v, first);
          second =
              ((FloatVector)
                      ByteVector.fromMemorySegment(
                              BYTES_OF_INTS, data, at + BYTES_OF_INTS.length(), LITTLE_ENDIAN)
                          .convertShape(VectorOperators.B2F, FLOATS, part))
                  .fma(v, second);
        }
        first.intoArray(dots, row + part * FLOAT_LANES);
        second.intoArray(dots, row + BYTES_OF_INTS.length() + part * FLOAT_LANES);
      }
    }
  }

  /** Products of an unpacked group. */
  private static void floatDots(float[] weights, float[] x, int column, int size, float[] dots) {
    for (int row = 0; row < ROWS; row += 2 * FLOAT_LANES) {
      FloatVector first = FloatVector.zero(FLOATS);
      FloatVector second = first;
      for (int k = 0; k < size; k++) {
        FloatVector v = FloatVector.broadcast(FLOATS, x[column + k]);
        int w = k * ROWS + row;
        first = FloatVector.fromArray(FLOATS, weights, w).fma(v, first);
        second = FloatVector.fromArray(FLOATS, weights, w + FLOAT_LANES).fma(v, second);
      }
      first.intoArray(dots, row);
      second.intoArray(dots, row + FLOAT_LANES);
    }
  }

  private static void accumulate(
      MemorySegment data, long scales, float[] dots, float scale, float[] sums) {
    for (int row = 0; row < ROWS; row += FLOAT_LANES) {
      FloatVector rowScales =
          FloatVector.fromMemorySegment(FLOATS, data, scales + row * 4L, LITTLE_ENDIAN);
      FloatVector.fromArray(FLOATS, dots, row)
          .fma(rowScales.mul(scale), FloatVector.fromArray(FLOATS, sums, row))
          .intoArray(sums, row);
    }
  }

  private static void accumulateMinima(
      MemorySegment data, long mins, float sum, float scale, float[] sums) {
    for (int row = 0; row < ROWS; row += FLOAT_LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, mins + row * 4L, LITTLE_ENDIAN)
          .mul(scale)
          .fma(FloatVector.broadcast(FLOATS, sum), FloatVector.fromArray(FLOATS, sums, row))
          .intoArray(sums, row);
    }
  }
}

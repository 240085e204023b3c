package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.BYTES_OF_INTS;
import static io.yuntai.engine.kernel.Lanes.BYTES_OF_SHORTS;
import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.Lanes.INTS;
import static io.yuntai.engine.kernel.Lanes.SHORTS;
import static io.yuntai.engine.kernel.Lanes.SHORT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.yuntai.engine.kernel.PackedMatrix.Form;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix times one token: a tile is read once, codes are multiplied as 16-bit integers with as many
 * products added as surely fit (16 of 15 x 127, or 8 of 32 x 127), and widened once.
 */
final class TokenProduct {
  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final long ROW_BYTES = ROWS;

  /** Largest code of which 8 products with 127 fit 16 bits. */
  private static final int SMALL_CODE = 32;

  private static final int SMALL_PRODUCTS = 8;

  private TokenProduct() {}

  static void multiply(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outOffset,
      KernelScratch scratch) {
    float[] sums = scratch.accumulators;
    long at = tile * matrix.tileBytes();
    if (!matrix.form().quantized()) {
      plain(matrix, at, x, scratch);
    } else if (matrix.form() == Form.BYTES
        && (!x.quantized() || matrix.maxAbsCode() > SMALL_CODE)) {
      for (int row = 0; row < ROWS; row += 2 * BYTES_OF_INTS.length()) {
        bytes(matrix, at, row, x, sums);
      }
    } else if (!x.quantized()) {
      nibblesAsFloats(matrix, at, x, scratch);
    } else {
      for (int row = 0; row < ROWS; row += SHORT_LANES) {
        if (matrix.form() == Form.NIBBLES) {
          nibbles(matrix, at, row, x, sums);
        } else {
          smallBytes(matrix, at, row, x, sums);
        }
      }
    }
    int rows = Math.min(ROWS, matrix.rows() - tile * ROWS);
    System.arraycopy(sums, 0, out, outOffset + tile * ROWS, rows);
  }

  private static void nibbles(PackedMatrix matrix, long at, int row, Activations x, float[] sums) {
    MemorySegment data = matrix.data();
    short[] codes = x.codes;
    int groups = matrix.groups();
    int header = matrix.headerBytes();
    int step = matrix.groupBytes();
    boolean hasMin = matrix.hasMin();
    FloatVector f0 = Lanes.zero();
    FloatVector f1 = f0;
    for (int group = 0; group < groups; group++, at += step) {
      ShortVector low = Lanes.zeroShorts();
      ShortVector high = low;
      int column = group * 32;
      long p = at + header + row;
      for (int j = 0; j < 16; j++) {
        ShortVector both =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES_OF_SHORTS, data, p + j * ROW_BYTES, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
        low = low.add(both.and((short) 15).mul(codes[column + j]));
        high = high.add(both.lanewise(VectorOperators.LSHR, 4).mul(codes[column + 16 + j]));
      }
      float sum = x.sums[2 * group] + x.sums[2 * group + 1];
      int less = (int) (sum * matrix.bias());
      FloatVector d0 = floats(widen(low, 0).add(widen(high, 0)).sub(less));
      FloatVector d1 = floats(widen(low, 1).add(widen(high, 1)).sub(less));
      float scale = x.scales[group];
      f0 = d0.fma(header(data, at, row).mul(scale), f0);
      f1 = d1.fma(header(data, at, row + FLOAT_LANES).mul(scale), f1);
      if (hasMin) {
        FloatVector s = FloatVector.broadcast(FLOATS, sum);
        f0 = s.fma(header(data, at, ROWS + row).mul(scale), f0);
        f1 = s.fma(header(data, at, ROWS + row + FLOAT_LANES).mul(scale), f1);
      }
    }
    f0.intoArray(sums, row);
    f1.intoArray(sums, row + FLOAT_LANES);
  }

  private static void smallBytes(
      PackedMatrix matrix, long at, int row, Activations x, float[] sums) {
    MemorySegment data = matrix.data();
    short[] codes = x.codes;
    int groups = matrix.groups();
    int header = matrix.headerBytes();
    int step = matrix.groupBytes();
    int size = matrix.groupSize();
    int perBlock = Activations.BLOCK / size;
    boolean hasMin = matrix.hasMin();
    FloatVector f0 = Lanes.zero();
    FloatVector f1 = f0;
    for (int group = 0; group < groups; group++, at += step) {
      IntVector i0 = Lanes.zeroInts();
      IntVector i1 = i0;
      long p = at + header + row;
      for (int k = 0; k < size; k += SMALL_PRODUCTS) {
        ShortVector s = Lanes.zeroShorts();
        int column = group * size + k;
        for (int j = 0; j < SMALL_PRODUCTS; j++) {
          ShortVector w =
              (ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTES_OF_SHORTS, data, p + (k + j) * ROW_BYTES, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORTS, 0);
          s = s.add(w.mul(codes[column + j]));
        }
        i0 = i0.add(widen(s, 0));
        i1 = i1.add(widen(s, 1));
      }
      float scale = x.scales[group / perBlock];
      f0 = floats(i0).fma(header(data, at, row).mul(scale), f0);
      f1 = floats(i1).fma(header(data, at, row + FLOAT_LANES).mul(scale), f1);
      if (hasMin) {
        FloatVector sum = FloatVector.broadcast(FLOATS, groupSum(x, group, size));
        f0 = sum.fma(header(data, at, ROWS + row).mul(scale), f0);
        f1 = sum.fma(header(data, at, ROWS + row + FLOAT_LANES).mul(scale), f1);
      }
    }
    f0.intoArray(sums, row);
    f1.intoArray(sums, row + FLOAT_LANES);
  }

  /**
   * Products in F32: exact like integers for quantised activations (see {@link BatchProduct}), a
   * chain over the columns for others.
   */
  private static void bytes(PackedMatrix matrix, long at, int row, Activations x, float[] sums) {
    for (int part = 0; part < BYTES_OF_INTS.length() / FLOAT_LANES; part++) {
      bytes(matrix, at, row, part, x, sums);
    }
  }

  private static void bytes(
      PackedMatrix matrix, long at, int row, int part, Activations x, float[] sums) {
    MemorySegment data = matrix.data();
    float[] values = x.values;
    int groups = matrix.groups();
    int header = matrix.headerBytes();
    int step = matrix.groupBytes();
    int size = matrix.groupSize();
    int perBlock = Activations.BLOCK / size;
    boolean hasMin = matrix.hasMin();
    int lane0 = row + part * FLOAT_LANES;
    int lane1 = lane0 + BYTES_OF_INTS.length();
    FloatVector f0 = FloatVector.zero(FLOATS);
    FloatVector f1 = f0;
    for (int group = 0; group < groups; group++, at += step) {
      FloatVector d0 = FloatVector.zero(FLOATS);
      FloatVector d1 = d0;
      long p = at + header + row;
      int column = group * size;
      for (int k = 0; k < size; k++) {
        FloatVector v = broadcast(values[column + k]);
        d0 = code(data, p + k * ROW_BYTES, part).fma(v, d0);
        d1 = code(data, p + k * ROW_BYTES + BYTES_OF_INTS.length(), part).fma(v, d1);
      }
      float scale = x.scales[group / perBlock];
      f0 = d0.fma(header(data, at, lane0).mul(scale), f0);
      f1 = d1.fma(header(data, at, lane1).mul(scale), f1);
      if (hasMin) {
        FloatVector sum = broadcast(groupSum(x, group, size));
        f0 = sum.fma(header(data, at, ROWS + lane0).mul(scale), f0);
        f1 = sum.fma(header(data, at, ROWS + lane1).mul(scale), f1);
      }
    }
    f0.intoArray(sums, lane0);
    f1.intoArray(sums, lane1);
  }

  private static void nibblesAsFloats(
      PackedMatrix matrix, long at, Activations x, KernelScratch scratch) {
    float[] sums = scratch.accumulators;
    Arrays.fill(sums, 0, ROWS, 0);
    int size = matrix.groupSize();
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      Unpacker.codes(matrix, matrix.data(), at + matrix.headerBytes(), size, scratch.weights);
      dots(scratch, size, x.values, group * size);
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        FloatVector f = Lanes.load(sums, row);
        f = Lanes.load(scratch.dots, row).fma(header(matrix.data(), at, row), f);
        if (matrix.hasMin()) {
          f = broadcast(groupSum(x, group, size)).fma(header(matrix.data(), at, ROWS + row), f);
        }
        f.intoArray(sums, row);
      }
    }
  }

  private static void plain(PackedMatrix matrix, long at, Activations x, KernelScratch scratch) {
    float[] sums = scratch.accumulators;
    Arrays.fill(sums, 0, ROWS, 0);
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      int column = group * matrix.groupSize();
      int size = Math.min(matrix.groupSize(), matrix.columns() - column);
      Unpacker.codes(matrix, matrix.data(), at, size, scratch.weights);
      dots(scratch, size, x.values, column);
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        Lanes.load(sums, row).add(Lanes.load(scratch.dots, row)).intoArray(sums, row);
      }
    }
  }

  /** Products of one unpacked group, into the first row of {@code scratch.dots}. */
  private static void dots(KernelScratch scratch, int size, float[] values, int column) {
    for (int row = 0; row < ROWS; row += 2 * FLOAT_LANES) {
      FloatVector d0 = FloatVector.zero(FLOATS);
      FloatVector d1 = d0;
      for (int k = 0; k < size; k++) {
        FloatVector v = broadcast(values[column + k]);
        d0 = Lanes.load(scratch.weights, k * ROWS + row).fma(v, d0);
        d1 = Lanes.load(scratch.weights, k * ROWS + row + FLOAT_LANES).fma(v, d1);
      }
      d0.intoArray(scratch.dots, row);
      d1.intoArray(scratch.dots, row + FLOAT_LANES);
    }
  }

  private static float groupSum(Activations x, int group, int size) {
    return size == Activations.SUM_COLUMNS
        ? x.sums[group]
        : x.sums[2 * group] + x.sums[2 * group + 1];
  }

  private static FloatVector header(MemorySegment data, long at, int row) {
    return FloatVector.fromMemorySegment(FLOATS, data, at + 4L * row, LITTLE_ENDIAN);
  }

  private static FloatVector code(MemorySegment data, long at, int part) {
    Vector<Byte> bytes = ByteVector.fromMemorySegment(BYTES_OF_INTS, data, at, LITTLE_ENDIAN);
    return (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, part);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  private static IntVector widen(ShortVector shorts, int part) {
    return (IntVector) shorts.convertShape(VectorOperators.S2I, INTS, part);
  }

  private static FloatVector floats(IntVector ints) {
    return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
  }
}

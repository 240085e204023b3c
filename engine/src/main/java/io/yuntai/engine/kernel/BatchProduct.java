package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix times several tokens: a group of a tile is unpacked once and meets every token while it is
 * in the first-level cache.
 *
 * <p>Products of integer codes are summed as F32: every partial sum is an integer below 2^24, so
 * the sum is exact in any order, and an F32 fma does twice the work per cycle of a 16-bit
 * multiplication and an addition (no widening either).
 */
final class BatchProduct {
  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final int BUNDLE = Activations.BUNDLE;

  /**
   * Whether the registers hold 16 sums: 512-bit vectors come with 32 registers, 256-bit ones with
   * 16.
   */
  private static final boolean WIDE = Lanes.BITS != 256;

  private BatchProduct() {}

  static void multiply(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    float[] sums = scratch.accumulators;
    Arrays.fill(sums, 0, x.bundles() * BUNDLE * ROWS, 0);
    if (matrix.form().quantized()) {
      quantized(matrix, tile, x, scratch);
    } else {
      plain(matrix, tile, x, scratch);
    }
    int rows = Math.min(ROWS, matrix.rows() - tile * ROWS);
    for (int token = 0; token < x.tokens(); token++) {
      System.arraycopy(sums, token * ROWS, out, outOffset + token * outStride + tile * ROWS, rows);
    }
  }

  private static void quantized(
      PackedMatrix matrix, int tile, Activations x, KernelScratch scratch) {
    MemorySegment data = matrix.data();
    int size = matrix.groupSize();
    int header = matrix.headerBytes();
    int perBlock = Activations.BLOCK / size;
    long at = tile * matrix.tileBytes();
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      Unpacker.header(data, at, scratch.scales);
      if (matrix.hasMin()) {
        Unpacker.header(data, at + ROWS * Float.BYTES, scratch.mins);
      }
      Unpacker.codes(matrix, data, at + header, size, scratch.weights);
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        int column = bundle * x.columns() + group * size;
        int scale = x.scaleIndex(bundle * BUNDLE) + group / perBlock * BUNDLE;
        dots(scratch, size, x.values, column * BUNDLE);
        accumulate(scratch, x.scales, scale, bundle * BUNDLE * ROWS);
        if (matrix.hasMin()) {
          int sum = x.sumIndex(bundle * BUNDLE) + group * size / Activations.SUM_COLUMNS * BUNDLE;
          accumulateMinima(scratch, size, x, sum, scale, bundle * BUNDLE * ROWS);
        }
      }
    }
  }

  private static void plain(PackedMatrix matrix, int tile, Activations x, KernelScratch scratch) {
    long at = tile * matrix.tileBytes();
    for (int group = 0; group < matrix.groups(); group++, at += matrix.groupBytes()) {
      int first = group * matrix.groupSize();
      int size = Math.min(matrix.groupSize(), matrix.columns() - first);
      Unpacker.codes(matrix, matrix.data(), at, size, scratch.weights);
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        dots(scratch, size, x.values, (bundle * x.columns() + first) * BUNDLE);
        accumulatePlain(scratch, bundle * BUNDLE * ROWS);
      }
    }
  }

  /** Products of one unpacked group and one bundle, into {@code scratch.dots}. */
  private static void dots(KernelScratch scratch, int columns, float[] x, int values) {
    for (int row = 0; row < ROWS; row += 2 * FLOAT_LANES) {
      if (WIDE) {
        dotsEight(scratch.weights, row, columns, x, values, scratch.dots, row);
      } else {
        dotsFour(scratch.weights, row, columns, x, values, scratch.dots, row);
        dotsFour(scratch.weights, row, columns, x, values + 4, scratch.dots, 4 * ROWS + row);
      }
    }
  }

  // The two methods below call nothing but the Vector API's own methods: the compiler stops
  // inlining others in so large
  // a method, and a vector that crosses a call costs an allocation (4.7 against 60 GMAC/s).

  private static void dotsEight(
      float[] w, int row, int columns, float[] x, int xi, float[] dots, int at) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    FloatVector b4 = a0;
    FloatVector b5 = a0;
    FloatVector b6 = a0;
    FloatVector b7 = a0;
    for (int k = 0; k < columns; k++) {
      FloatVector u = FloatVector.fromArray(FLOATS, w, k * ROWS + row);
      FloatVector v = FloatVector.fromArray(FLOATS, w, k * ROWS + row + FLOAT_LANES);
      int i = xi + k * BUNDLE;
      FloatVector t = FloatVector.broadcast(FLOATS, x[i]);
      a0 = u.fma(t, a0);
      b0 = v.fma(t, b0);
      t = FloatVector.broadcast(FLOATS, x[i + 1]);
      a1 = u.fma(t, a1);
      b1 = v.fma(t, b1);
      t = FloatVector.broadcast(FLOATS, x[i + 2]);
      a2 = u.fma(t, a2);
      b2 = v.fma(t, b2);
      t = FloatVector.broadcast(FLOATS, x[i + 3]);
      a3 = u.fma(t, a3);
      b3 = v.fma(t, b3);
      t = FloatVector.broadcast(FLOATS, x[i + 4]);
      a4 = u.fma(t, a4);
      b4 = v.fma(t, b4);
      t = FloatVector.broadcast(FLOATS, x[i + 5]);
      a5 = u.fma(t, a5);
      b5 = v.fma(t, b5);
      t = FloatVector.broadcast(FLOATS, x[i + 6]);
      a6 = u.fma(t, a6);
      b6 = v.fma(t, b6);
      t = FloatVector.broadcast(FLOATS, x[i + 7]);
      a7 = u.fma(t, a7);
      b7 = v.fma(t, b7);
    }
    a0.intoArray(dots, at);
    b0.intoArray(dots, at + FLOAT_LANES);
    a1.intoArray(dots, at + ROWS);
    b1.intoArray(dots, at + ROWS + FLOAT_LANES);
    a2.intoArray(dots, at + 2 * ROWS);
    b2.intoArray(dots, at + 2 * ROWS + FLOAT_LANES);
    a3.intoArray(dots, at + 3 * ROWS);
    b3.intoArray(dots, at + 3 * ROWS + FLOAT_LANES);
    a4.intoArray(dots, at + 4 * ROWS);
    b4.intoArray(dots, at + 4 * ROWS + FLOAT_LANES);
    a5.intoArray(dots, at + 5 * ROWS);
    b5.intoArray(dots, at + 5 * ROWS + FLOAT_LANES);
    a6.intoArray(dots, at + 6 * ROWS);
    b6.intoArray(dots, at + 6 * ROWS + FLOAT_LANES);
    a7.intoArray(dots, at + 7 * ROWS);
    b7.intoArray(dots, at + 7 * ROWS + FLOAT_LANES);
  }

  private static void dotsFour(
      float[] w, int row, int columns, float[] x, int xi, float[] dots, int at) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int k = 0; k < columns; k++) {
      FloatVector u = FloatVector.fromArray(FLOATS, w, k * ROWS + row);
      FloatVector v = FloatVector.fromArray(FLOATS, w, k * ROWS + row + FLOAT_LANES);
      int i = xi + k * BUNDLE;
      FloatVector t = FloatVector.broadcast(FLOATS, x[i]);
      a0 = u.fma(t, a0);
      b0 = v.fma(t, b0);
      t = FloatVector.broadcast(FLOATS, x[i + 1]);
      a1 = u.fma(t, a1);
      b1 = v.fma(t, b1);
      t = FloatVector.broadcast(FLOATS, x[i + 2]);
      a2 = u.fma(t, a2);
      b2 = v.fma(t, b2);
      t = FloatVector.broadcast(FLOATS, x[i + 3]);
      a3 = u.fma(t, a3);
      b3 = v.fma(t, b3);
    }
    a0.intoArray(dots, at);
    b0.intoArray(dots, at + FLOAT_LANES);
    a1.intoArray(dots, at + ROWS);
    b1.intoArray(dots, at + ROWS + FLOAT_LANES);
    a2.intoArray(dots, at + 2 * ROWS);
    b2.intoArray(dots, at + 2 * ROWS + FLOAT_LANES);
    a3.intoArray(dots, at + 3 * ROWS);
    b3.intoArray(dots, at + 3 * ROWS + FLOAT_LANES);
  }

  private static void accumulate(KernelScratch scratch, float[] scales, int scale, int sums) {
    float[] to = scratch.accumulators;
    for (int row = 0; row < ROWS; row += FLOAT_LANES) {
      FloatVector rowScales = FloatVector.fromArray(FLOATS, scratch.scales, row);
      for (int token = 0; token < BUNDLE; token++) {
        int at = sums + token * ROWS + row;
        FloatVector.fromArray(FLOATS, scratch.dots, token * ROWS + row)
            .fma(rowScales.mul(scales[scale + token]), FloatVector.fromArray(FLOATS, to, at))
            .intoArray(to, at);
      }
    }
  }

  private static void accumulateMinima(
      KernelScratch scratch, int columns, Activations x, int sum, int scale, int sums) {
    float[] to = scratch.accumulators;
    for (int token = 0; token < BUNDLE; token++) {
      float total = x.sums[sum + token];
      if (columns > Activations.SUM_COLUMNS) {
        total += x.sums[sum + BUNDLE + token];
      }
      float tokenScale = x.scales[scale + token];
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        int at = sums + token * ROWS + row;
        FloatVector.fromArray(FLOATS, scratch.mins, row)
            .mul(tokenScale)
            .fma(FloatVector.broadcast(FLOATS, total), FloatVector.fromArray(FLOATS, to, at))
            .intoArray(to, at);
      }
    }
  }

  private static void accumulatePlain(KernelScratch scratch, int sums) {
    float[] to = scratch.accumulators;
    for (int i = 0; i < BUNDLE * ROWS; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, to, sums + i)
          .add(FloatVector.fromArray(FLOATS, scratch.dots, i))
          .intoArray(to, sums + i);
    }
  }
}

package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;

import io.yuntai.engine.kernel.Activations.Form;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix times tokens in the Vector API: 32 columns of a tile are unpacked once and meet every
 * token while they are in the first-level cache.
 *
 * <p>Products of integer codes are summed as F32: every partial sum is an integer of at most 2^24
 * (128 x 127 x 32 and less), so the sum is exact in any order, and an F32 fma does twice the work
 * per cycle of a 16-bit multiplication and an addition. Codes of 16 bits are two codes of 8.
 */
final class VectorProduct {
  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final int GROUP = Activations.GROUP;
  private static final int HALF = GROUP / 2;

  private VectorProduct() {}

  static void multiply(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    float[] sums = scratch.accumulators;
    Arrays.fill(sums, 0, x.tokens() * ROWS, 0);
    if (matrix.form().quantized()) {
      quantized(matrix, tile, x, scratch);
    } else {
      plain(matrix, tile, x, scratch);
    }
    int rows = Math.min(ROWS, matrix.rows() - tile * ROWS);
    for (int token = 0; token < x.tokens(); token++) {
      int to = outOffset + token * outStride + tile * ROWS;
      System.arraycopy(sums, token * ROWS, out, to, rows);
    }
  }

  private static void quantized(
      PackedMatrix matrix, int tile, Activations x, KernelScratch scratch) {
    int parts = CODE_COLUMNS / matrix.groupSize();
    long block = tile * matrix.tileBytes();
    for (int first = 0; first < matrix.columns(); first += matrix.blockColumns()) {
      long codes = block + matrix.codesOffset();
      for (int in = 0; in < matrix.blockColumns(); in += CODE_COLUMNS) {
        Unpacker.codes(matrix, codes, scratch.weights);
        for (int part = 0; part < parts; part++) {
          int group = in / matrix.groupSize() + part;
          Unpacker.scales(matrix, block, group, scratch.scales[part]);
          if (matrix.hasMin()) {
            Unpacker.minima(matrix, block, group, scratch.minima[part]);
          }
        }
        for (int bundle = 0; bundle < x.bundles(); bundle++) {
          meet(matrix, x, bundle, (first + in) / GROUP, parts, scratch);
        }
        codes += 2L * matrix.vectorBytes();
      }
      block += matrix.blockBytes();
    }
  }

  /** Unpacked codes of 32 columns meet a bundle. */
  private static void meet(
      PackedMatrix matrix, Activations x, int bundle, int group, int parts, KernelScratch scratch) {
    int width = x.width(bundle);
    int sums = x.firstToken(bundle) * ROWS;
    long at = x.offset(bundle, group);
    boolean twice = x.form() == Form.CODES_16;
    expand(x.data(), at, (twice ? 2 : 1) * width * GROUP, scratch.inputs);
    for (int part = 0; part < parts; part++) {
      int from = part * HALF;
      int columns = GROUP / parts;
      dots(scratch.weights, from, columns, scratch.inputs, 0, width, scratch.dots);
      if (twice) {
        dots(scratch.weights, from, columns, scratch.inputs, width, width, scratch.lowDots);
        join(scratch.dots, scratch.lowDots, width);
      }
      int sumPart = parts == 1 ? 2 : part;
      long scales = at + x.form().scalesOffset(width);
      long tokenSums = at + x.form().sumsOffset(width, sumPart);
      accumulate(x.data(), scales, width, scratch.scales[part], scratch, sums);
      if (matrix.hasMin()) {
        accumulateMinima(x.data(), tokenSums, width, scratch.minima[part], scratch, sums);
      }
    }
  }

  private static void plain(PackedMatrix matrix, int tile, Activations x, KernelScratch scratch) {
    long at = tile * matrix.tileBytes();
    for (int group = 0; group < x.groups(); group++) {
      int columns = Math.min(GROUP, matrix.columns() - group * GROUP);
      Unpacker.plain(matrix, at, columns, scratch.weights);
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        int width = x.width(bundle);
        MemorySegment.copy(
            x.data(),
            ValueLayout.JAVA_FLOAT,
            x.offset(bundle, group),
            scratch.inputs,
            0,
            width * GROUP);
        dots(scratch.weights, 0, columns, scratch.inputs, 0, width, scratch.dots);
        add(scratch, x.firstToken(bundle) * ROWS, width * ROWS);
      }
      at += (long) columns * ROWS * matrix.form().bits() / 8;
    }
  }

  private static void expand(MemorySegment codes, long from, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = codes.get(ValueLayout.JAVA_BYTE, from + i);
    }
  }

  /** Products of unpacked columns and tokens, into {@code dots}: per token 32 rows. */
  private static void dots(
      float[] weights,
      int from,
      int columns,
      float[] inputs,
      int firstToken,
      int tokens,
      float[] dots) {
    for (int row = 0; row < ROWS; row += 2 * FLOAT_LANES) {
      int w = from * ROWS + row;
      int token = 0;
      for (; token + 4 <= tokens; token += 4) {
        int x = (firstToken + token) * GROUP + from;
        dotsFour(weights, w, columns, inputs, x, dots, token * ROWS + row);
      }
      for (; token < tokens; token++) {
        int x = (firstToken + token) * GROUP + from;
        dotsOne(weights, w, columns, inputs, x, dots, token * ROWS + row);
      }
    }
  }

  // The two methods below call nothing but the Vector API's own methods: the compiler stops
  // inlining others in so large
  // a method, and a vector that crosses a call costs an allocation (4.7 against 60 GMAC/s).

  private static void dotsFour(
      float[] w, int wi, int columns, float[] x, int xi, float[] dots, int at) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int k = 0; k < columns; k++) {
      FloatVector u = FloatVector.fromArray(FLOATS, w, wi + k * ROWS);
      FloatVector v = FloatVector.fromArray(FLOATS, w, wi + k * ROWS + FLOAT_LANES);
      FloatVector t = FloatVector.broadcast(FLOATS, x[xi + k]);
      a0 = u.fma(t, a0);
      b0 = v.fma(t, b0);
      t = FloatVector.broadcast(FLOATS, x[xi + k + GROUP]);
      a1 = u.fma(t, a1);
      b1 = v.fma(t, b1);
      t = FloatVector.broadcast(FLOATS, x[xi + k + 2 * GROUP]);
      a2 = u.fma(t, a2);
      b2 = v.fma(t, b2);
      t = FloatVector.broadcast(FLOATS, x[xi + k + 3 * GROUP]);
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

  private static void dotsOne(
      float[] w, int wi, int columns, float[] x, int xi, float[] dots, int at) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    for (int k = 0; k < columns; k++) {
      FloatVector t = FloatVector.broadcast(FLOATS, x[xi + k]);
      a = FloatVector.fromArray(FLOATS, w, wi + k * ROWS).fma(t, a);
      b = FloatVector.fromArray(FLOATS, w, wi + k * ROWS + FLOAT_LANES).fma(t, b);
    }
    a.intoArray(dots, at);
    b.intoArray(dots, at + FLOAT_LANES);
  }

  /** {@code high = 256 high + low}, rounded once, as an integer's conversion to F32 is. */
  private static void join(float[] high, float[] low, int tokens) {
    for (int i = 0; i < tokens * ROWS; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, high, i)
          .fma(FloatVector.broadcast(FLOATS, 256), FloatVector.fromArray(FLOATS, low, i))
          .intoArray(high, i);
    }
  }

  private static void accumulate(
      MemorySegment x,
      long tokenScales,
      int tokens,
      float[] rowScales,
      KernelScratch scratch,
      int sums) {
    float[] to = scratch.accumulators;
    for (int token = 0; token < tokens; token++) {
      float scale = x.get(ValueLayout.JAVA_FLOAT, tokenScales + 4L * token);
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        int at = token * ROWS + row;
        FloatVector.fromArray(FLOATS, scratch.dots, at)
            .fma(
                FloatVector.fromArray(FLOATS, rowScales, row).mul(scale),
                FloatVector.fromArray(FLOATS, to, sums + at))
            .intoArray(to, sums + at);
      }
    }
  }

  private static void accumulateMinima(
      MemorySegment x,
      long tokenSums,
      int tokens,
      float[] minima,
      KernelScratch scratch,
      int sums) {
    float[] to = scratch.accumulators;
    for (int token = 0; token < tokens; token++) {
      FloatVector sum =
          FloatVector.broadcast(FLOATS, x.get(ValueLayout.JAVA_FLOAT, tokenSums + 4L * token));
      for (int row = 0; row < ROWS; row += FLOAT_LANES) {
        int at = sums + token * ROWS + row;
        FloatVector.fromArray(FLOATS, minima, row)
            .fma(sum, FloatVector.fromArray(FLOATS, to, at))
            .intoArray(to, at);
      }
    }
  }

  private static void add(KernelScratch scratch, int sums, int count) {
    float[] to = scratch.accumulators;
    for (int i = 0; i < count; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, to, sums + i)
          .add(FloatVector.fromArray(FLOATS, scratch.dots, i))
          .intoArray(to, sums + i);
    }
  }
}

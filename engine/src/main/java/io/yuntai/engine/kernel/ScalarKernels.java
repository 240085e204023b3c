package io.yuntai.engine.kernel;

import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.MemorySegment;

/**
 * The definition: every operation as plainly as it can be written. Matrices are read from the
 * file's own blocks, so that packing is judged too. Slow by design.
 */
public final class ScalarKernels implements Kernels {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void quantize(float[] x, int offset, Activations to, int token, KernelScratch scratch) {
    int width = to.width();
    int value = to.valueIndex(token);
    for (int block = 0; block < to.columns() / Activations.BLOCK; block++) {
      int first = offset + block * Activations.BLOCK;
      float max = 0;
      for (int i = 0; i < Activations.BLOCK; i++) {
        max = Math.max(max, Math.abs(x[first + i]));
      }
      float scale = max / 127f;
      to.scales[to.scaleIndex(token) + block * width] = scale;
      int sum = 0;
      for (int i = 0; i < Activations.BLOCK; i++) {
        int code = scale == 0 ? 0 : (int) Math.clamp(Math.rint(x[first + i] / scale), -127, 127);
        int column = block * Activations.BLOCK + i;
        to.values[value + column * width] = code;
        if (width == 1) {
          to.codes[column] = (short) code;
        }
        sum += code;
        if (i % Activations.SUM_COLUMNS == Activations.SUM_COLUMNS - 1) {
          to.sums[to.sumIndex(token) + column / Activations.SUM_COLUMNS * width] = sum;
          sum = 0;
        }
      }
    }
  }

  @Override
  public void multiply(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    int first = tile * PackedMatrix.TILE_ROWS;
    int last = Math.min(first + PackedMatrix.TILE_ROWS, matrix.rows());
    for (int row = first; row < last; row++) {
      for (int token = 0; token < x.tokens(); token++) {
        out[outOffset + token * outStride + row] =
            matrix.form().quantized()
                ? codeDot(matrix, row, x, token)
                : plainDot(matrix, row, x, token);
      }
    }
  }

  private static float codeDot(PackedMatrix matrix, int row, Activations x, int token) {
    BlockFormat format = matrix.source().type().blockFormat().orElseThrow();
    int blocks = matrix.columns() / format.elements();
    int groupSize = format.groupSize();
    int groups = format.elements() / groupSize;
    byte[] codes = new byte[format.elements()];
    float[] scales = new float[groups];
    float[] mins = new float[groups];
    int width = x.width();
    float acc = 0;
    for (int block = 0; block < blocks; block++) {
      long offset = ((long) row * blocks + block) * format.bytes();
      format.unpack(matrix.source().data(), offset, codes, 0, scales, mins, 0);
      for (int group = 0; group < groups; group++) {
        int column = block * format.elements() + group * groupSize;
        float scale = x.scales[x.scaleIndex(token) + column / Activations.BLOCK * width];
        float dot = dot(codes, group * groupSize, groupSize, x, token, column);
        acc = Math.fma(dot, scales[group] * scale, acc);
        if (format.hasMin()) {
          acc = Math.fma(sum(x, token, column, groupSize), mins[group] * scale, acc);
        }
      }
    }
    return acc;
  }

  private static float dot(
      byte[] codes, int from, int groupSize, Activations x, int token, int column) {
    int integer = 0;
    float chain = 0;
    for (int i = 0; i < groupSize; i++) {
      float value = x.values[x.valueIndex(token) + (column + i) * x.width()];
      integer += codes[from + i] * (int) value;
      chain = Math.fma(codes[from + i], value, chain);
    }
    return x.quantized() ? (float) integer : chain;
  }

  private static float sum(Activations x, int token, int column, int groupSize) {
    int index = x.sumIndex(token) + column / Activations.SUM_COLUMNS * x.width();
    return groupSize == Activations.SUM_COLUMNS
        ? x.sums[index]
        : x.sums[index] + x.sums[index + x.width()];
  }

  private static float plainDot(PackedMatrix matrix, int row, Activations x, int token) {
    float[] weights = new float[matrix.columns()];
    MemorySegment data = matrix.source().data();
    long rowBytes = matrix.source().type().bytes(matrix.columns());
    Dequantizer.dequantize(
        matrix.source().type(), data, row * rowBytes, matrix.columns(), weights, 0);
    float acc = 0;
    for (int from = 0; from < matrix.columns(); from += matrix.groupSize()) {
      int to = Math.min(from + matrix.groupSize(), matrix.columns());
      float dot = 0;
      for (int i = from; i < to; i++) {
        dot = Math.fma(weights[i], x.values[x.valueIndex(token) + i * x.width()], dot);
      }
      acc += dot;
    }
    return acc;
  }

  @Override
  public void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] y,
      int yOffset,
      int length,
      KernelScratch scratch) {
    float[] partial = new float[16];
    for (int i = 0; i < length; i++) {
      partial[i % 16] = Math.fma(x[xOffset + i], x[xOffset + i], partial[i % 16]);
    }
    float inverse = inverseRoot(treeSum(partial, 0, 16), length, epsilon);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = x[xOffset + i] * inverse * weight[i];
    }
  }

  /** {@code 1 / sqrt(sum / length + epsilon)}, in double and rounded once. */
  static float inverseRoot(float sum, int length, float epsilon) {
    return (float) (1 / Math.sqrt((double) sum / length + epsilon));
  }

  /** Adds {@code count} (a power of two) values as a tree: i + count/2 first; destroys them. */
  static float treeSum(float[] values, int offset, int count) {
    for (int half = count / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        values[offset + i] += values[offset + i + half];
      }
    }
    return values[offset];
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      x[xOffset + i] += y[yOffset + i];
    }
  }

  @Override
  public void swiglu(float[] gate, int gateOffset, float[] up, int upOffset, int length) {
    for (int i = 0; i < length; i++) {
      float g = gate[gateOffset + i];
      gate[gateOffset + i] = g / (1 + Exponential.exp(-g)) * up[upOffset + i];
    }
  }

  @Override
  public void attention(
      float[] query,
      int queryOffset,
      int heads,
      int positions,
      KvCache cache,
      int[] blockTable,
      int layer,
      int kvHead,
      float scale,
      float[] out,
      int outOffset,
      KernelScratch scratch) {
    for (int head = 0; head < heads; head++) {
      attendHead(
          query,
          queryOffset + head * cache.keyLength(),
          positions,
          cache,
          blockTable,
          layer,
          kvHead,
          scale,
          out,
          outOffset + head * cache.valueLength());
    }
  }

  private static void attendHead(
      float[] query,
      int queryOffset,
      int positions,
      KvCache cache,
      int[] blockTable,
      int layer,
      int kvHead,
      float scale,
      float[] out,
      int outOffset) {
    float[] result = new float[cache.valueLength()];
    float max = Float.NEGATIVE_INFINITY;
    float total = 0;
    for (int start = 0; start < positions; start += KvCache.BLOCK_TOKENS) {
      int block = blockTable[start / KvCache.BLOCK_TOKENS];
      int seen = Math.min(KvCache.BLOCK_TOKENS, positions - start);
      float[] p = new float[KvCache.BLOCK_TOKENS];
      float newMax = max;
      for (int i = 0; i < seen; i++) {
        float dot = 0;
        for (int e = 0; e < cache.keyLength(); e++) {
          dot = Math.fma(cache.key(block, i, layer, kvHead, e), query[queryOffset + e], dot);
        }
        p[i] = dot * scale;
        newMax = Math.max(newMax, p[i]);
      }
      float correction = Exponential.exp(max - newMax);
      for (int i = 0; i < seen; i++) {
        p[i] = Exponential.exp(p[i] - newMax);
      }
      total = Math.fma(total, correction, treeSum(p.clone(), 0, KvCache.BLOCK_TOKENS));
      for (int e = 0; e < result.length; e++) {
        float r = result[e] * correction;
        for (int i = 0; i < seen; i++) {
          r = Math.fma(cache.value(block, i, layer, kvHead, e), p[i], r);
        }
        result[e] = r;
      }
      max = newMax;
    }
    for (int e = 0; e < result.length; e++) {
      out[outOffset + e] = result[e] / total;
    }
  }
}

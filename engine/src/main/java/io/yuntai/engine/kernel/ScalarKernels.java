package io.yuntai.engine.kernel;

import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.BlockScales;
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
  public void store(
      float[] x,
      int offset,
      Activations to,
      int token,
      int firstGroup,
      int groups,
      KernelScratch scratch) {
    if (to.form() == Activations.Form.FLOATS) {
      storeFloats(x, offset, to, token, firstGroup, groups);
      return;
    }
    int maxCode = to.form().maxCode;
    int[] codes = new int[Activations.GROUP];
    for (int group = 0; group < groups; group++) {
      int first = offset + group * Activations.GROUP;
      float max = 0;
      for (int i = 0; i < codes.length; i++) {
        max = Math.max(max, Math.abs(x[first + i]));
      }
      float scale = max / maxCode;
      for (int i = 0; i < codes.length; i++) {
        codes[i] =
            scale == 0 ? 0 : (int) Math.clamp(Math.rint(x[first + i] / scale), -maxCode, maxCode);
      }
      to.putCodes(token, firstGroup + group, codes, scale);
    }
  }

  static void storeFloats(
      float[] x, int offset, Activations to, int token, int firstGroup, int groups) {
    for (int i = 0; i < groups; i++) {
      int first = i * Activations.GROUP;
      int column = (firstGroup + i) * Activations.GROUP;
      int count = Math.min(Activations.GROUP, to.columns() - column);
      to.putFloats(token, firstGroup + i, x, offset + first, count);
    }
  }

  @Override
  public void multiply(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    int last = Math.min((firstTile + tiles) * PackedMatrix.TILE_ROWS, matrix.rows());
    for (int row = firstTile * PackedMatrix.TILE_ROWS; row < last; row++) {
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
    int factor = 1 << matrix.codeShift();
    byte[] codes = new byte[format.elements()];
    BlockScales scales = new BlockScales();
    float acc = 0;
    for (int block = 0; block < blocks; block++) {
      long offset = ((long) row * blocks + block) * format.bytes();
      format.unpack(matrix.source().data(), offset, codes, 0, scales);
      for (int first = 0; first < format.elements(); first += groupSize) {
        int column = block * format.elements() + first;
        int dot = 0;
        for (int i = 0; i < groupSize; i++) {
          dot += codes[first + i] * factor * (int) x.value(token, column + i);
        }
        int group = column / Activations.GROUP;
        float scale = scales.scale(first / groupSize) * (1f / factor);
        acc = Math.fma(dot, scale * x.scale(token, group), acc);
        if (format.hasMin()) {
          int part = groupSize == Activations.GROUP ? 2 : column / groupSize % 2;
          acc = Math.fma(scales.minimum(first / groupSize), x.sum(token, group, part), acc);
        }
      }
    }
    return acc;
  }

  private static float plainDot(PackedMatrix matrix, int row, Activations x, int token) {
    float[] weights = new float[matrix.columns()];
    MemorySegment data = matrix.source().data();
    long rowBytes = matrix.source().type().bytes(matrix.columns());
    Dequantizer.dequantize(
        matrix.source().type(), data, row * rowBytes, matrix.columns(), weights, 0);
    float acc = 0;
    for (int from = 0; from < matrix.columns(); from += Activations.GROUP) {
      int to = Math.min(from + Activations.GROUP, matrix.columns());
      float dot = 0;
      for (int i = from; i < to; i++) {
        dot = Math.fma(weights[i], x.value(token, i), dot);
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
  public void addScaled(float[] x, int xOffset, float[] y, int yOffset, float factor, int length) {
    for (int i = 0; i < length; i++) {
      x[xOffset + i] = Math.fma(y[yOffset + i], factor, x[xOffset + i]);
    }
  }

  @Override
  public float dot(
      float[] x, int xOffset, float[] y, int yOffset, int length, KernelScratch scratch) {
    float[] partial = new float[16];
    for (int i = 0; i < length; i++) {
      partial[i % 16] = Math.fma(x[xOffset + i], y[yOffset + i], partial[i % 16]);
    }
    return treeSum(partial, 0, 16);
  }

  @Override
  public void geglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    for (int i = 0; i < length; i++) {
      gate[gateOffset + i] = gelu(gate[gateOffset + i]) * up[upOffset + i];
    }
  }

  static float gelu(float x) {
    float exponent = Math.fma(x * x, Exponential.GELU_CUBIC, Exponential.GELU_LINEAR) * x;
    return x / (1 + Exponential.exp(exponent));
  }

  @Override
  public void swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    for (int i = 0; i < length; i++) {
      float g = gate[gateOffset + i];
      gate[gateOffset + i] = g / (1 + Exponential.exp(-g)) * up[upOffset + i];
    }
  }

  @Override
  public void rotate(
      float[] x,
      int offset,
      int heads,
      int headLength,
      boolean adjacent,
      int pairs,
      float[] cosines,
      float[] sines,
      int row) {
    for (int head = 0; head < heads; head++) {
      rotateHead(x, offset + head * headLength, adjacent, 0, pairs, cosines, sines, row);
    }
  }

  /** Pairs of one head from {@code from} on. */
  static void rotateHead(
      float[] x,
      int offset,
      boolean adjacent,
      int from,
      int pairs,
      float[] cosines,
      float[] sines,
      int row) {
    int stride = adjacent ? 2 : 1;
    int distance = adjacent ? 1 : pairs;
    for (int i = from; i < pairs; i++) {
      int at = offset + i * stride;
      float a = x[at];
      float b = x[at + distance];
      float c = cosines[row + i];
      float s = sines[row + i];
      x[at] = Math.fma(a, c, -(b * s));
      x[at + distance] = Math.fma(a, s, b * c);
    }
  }

  @Override
  public void attention(AttentionRun run, KernelScratch scratch) {
    for (int token = 0; token < run.tokens(); token++) {
      for (int head = 0; head < run.heads(); head++) {
        attendHead(run, token, head);
      }
    }
  }

  private static void attendHead(AttentionRun run, int token, int head) {
    KvCache cache = run.cache();
    int layer = run.layer();
    int kvHead = run.kvHead();
    int query = run.queryIndex(token, head);
    int end = run.end(token);
    int start = run.start(token);
    float[] result = new float[cache.layout().valueLength()];
    float max = Float.NEGATIVE_INFINITY;
    float total = 0;
    for (int at = start / KvCache.BLOCK_TOKENS; at * KvCache.BLOCK_TOKENS < end; at++) {
      int block = run.blockTable()[at];
      int from = Math.max(0, start - at * KvCache.BLOCK_TOKENS);
      int to = Math.min(KvCache.BLOCK_TOKENS, end - at * KvCache.BLOCK_TOKENS);
      float[] p = new float[KvCache.BLOCK_TOKENS];
      float newMax = max;
      for (int i = from; i < to; i++) {
        float dot = 0;
        for (int e = 0; e < cache.layout().keyLength(); e++) {
          dot = Math.fma(cache.key(block, i, layer, kvHead, e), run.queries()[query + e], dot);
        }
        p[i] = dot * run.scale();
        newMax = Math.max(newMax, p[i]);
      }
      float correction = Exponential.exp(max - newMax);
      for (int i = from; i < to; i++) {
        p[i] = Exponential.exp(p[i] - newMax);
      }
      total = Math.fma(total, correction, treeSum(p.clone(), 0, KvCache.BLOCK_TOKENS));
      for (int e = 0; e < result.length; e++) {
        float r = result[e] * correction;
        for (int i = from; i < to; i++) {
          r = Math.fma(cache.value(block, i, layer, kvHead, e), p[i], r);
        }
        result[e] = r;
      }
      max = newMax;
    }
    for (int e = 0; e < result.length; e++) {
      run.out()[run.outIndex(token, head) + e] = result[e] / total;
    }
  }
}

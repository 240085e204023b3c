package io.yuntai.engine.kernel;

import java.util.Arrays;

/** The definition: every operation as plainly as it can be written. Slow by design. */
public final class ScalarEncoderKernels implements EncoderKernels {
  private static final int BLOCK = EncoderScratch.BLOCK;

  @Override
  public void layerNorm(
      float[] x, int offset, float[] weight, float[] bias, float epsilon, int length) {
    float[] partial = new float[16];
    for (int i = 0; i < length; i++) {
      partial[i % 16] += x[offset + i];
    }
    float mean = mean(ScalarKernels.treeSum(partial, 0, 16), length);
    Arrays.fill(partial, 0);
    for (int i = 0; i < length; i++) {
      float deviation = x[offset + i] - mean;
      partial[i % 16] = Math.fma(deviation, deviation, partial[i % 16]);
    }
    float inverse =
        ScalarKernels.inverseRoot(ScalarKernels.treeSum(partial, 0, 16), length, epsilon);
    for (int i = 0; i < length; i++) {
      x[offset + i] = Math.fma((x[offset + i] - mean) * inverse, weight[i], bias[i]);
    }
  }

  /** In double and rounded once. */
  static float mean(float sum, int length) {
    return (float) ((double) sum / length);
  }

  @Override
  public void gelu(float[] x, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      x[i] = ErrorFunction.gelu(x[i]);
    }
  }

  @Override
  public void attention(EncoderAttention run, EncoderScratch scratch) {
    for (int query = run.firstQuery(); query < run.firstQuery() + run.queryCount(); query++) {
      attend(run, query);
    }
  }

  private static void attend(EncoderAttention run, int query) {
    int row = run.row(query);
    float[] sums = new float[run.headLength()];
    float max = Float.NEGATIVE_INFINITY;
    float total = 0;
    for (int start = 0; start < run.tokens(); start += BLOCK) {
      int seen = Math.min(BLOCK, run.tokens() - start);
      float[] p = new float[BLOCK];
      float newMax = max;
      for (int i = 0; i < seen; i++) {
        int key = run.row(start + i);
        float dot = 0;
        for (int e = 0; e < sums.length; e++) {
          dot = Math.fma(run.keys()[key + e], run.queries()[row + e], dot);
        }
        p[i] = dot * run.scale();
        newMax = Math.max(newMax, p[i]);
      }
      float correction = Exponential.exp(max - newMax);
      for (int i = 0; i < seen; i++) {
        p[i] = Exponential.exp(p[i] - newMax);
      }
      total = Math.fma(total, correction, ScalarKernels.treeSum(p.clone(), 0, BLOCK));
      for (int e = 0; e < sums.length; e++) {
        float sum = sums[e] * correction;
        for (int i = 0; i < seen; i++) {
          sum = Math.fma(run.values()[run.row(start + i) + e], p[i], sum);
        }
        sums[e] = sum;
      }
      max = newMax;
    }
    for (int e = 0; e < sums.length; e++) {
      run.results()[row + e] = sums[e] / total;
    }
  }
}

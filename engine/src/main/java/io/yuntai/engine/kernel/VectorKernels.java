package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The Vector API's kernels: equal to {@link ScalarKernels} bit for bit at every width. */
public final class VectorKernels implements Kernels {
  @Override
  public String name() {
    return "vector-" + Lanes.BITS;
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
      ScalarKernels.storeFloats(x, offset, to, token, firstGroup, groups);
      return;
    }
    int maxCode = to.form().maxCode;
    for (int i = 0; i < groups; i++) {
      int from = offset + i * Activations.GROUP;
      float scale = absMax(x, from) / maxCode;
      codes(x, from, scale, maxCode, scratch.codes);
      for (int column = 0; column < Activations.GROUP; column++) {
        scratch.intCodes[column] = (int) scratch.codes[column];
      }
      to.putCodes(token, firstGroup + i, scratch.intCodes, scale);
    }
  }

  private static float absMax(float[] x, int first) {
    FloatVector max = FloatVector.zero(FLOATS);
    for (int i = 0; i < Activations.GROUP; i += FLOAT_LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, x, first + i).abs());
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private static void codes(float[] x, int first, float scale, int maxCode, float[] codes) {
    for (int i = 0; i < Activations.GROUP; i += FLOAT_LANES) {
      FloatVector code = FloatVector.zero(FLOATS);
      if (scale != 0) {
        code =
            FloatVector.fromArray(FLOATS, x, first + i)
                .div(scale)
                .max(-maxCode)
                .min(maxCode)
                .add(Exponential.ROUND)
                .sub(Exponential.ROUND);
      }
      code.intoArray(codes, i);
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
    for (int tile = firstTile; tile < firstTile + tiles; tile++) {
      VectorProduct.multiply(matrix, tile, x, out, outOffset, outStride, scratch);
    }
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
    float[] partial = scratch.partialSums;
    int whole = length / 16 * 16;
    for (int lane = 0; lane < 16; lane += FLOAT_LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += 16) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + i);
        sum = v.fma(v, sum);
      }
      sum.intoArray(partial, lane);
    }
    for (int i = whole; i < length; i++) {
      partial[i % 16] = Math.fma(x[xOffset + i], x[xOffset + i], partial[i % 16]);
    }
    float inverse =
        ScalarKernels.inverseRoot(ScalarKernels.treeSum(partial, 0, 16), length, epsilon);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .mul(inverse)
          .mul(FloatVector.fromArray(FLOATS, weight, i))
          .intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = x[xOffset + i] * inverse * weight[i];
    }
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOATS.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .add(FloatVector.fromArray(FLOATS, y, yOffset + i))
          .intoArray(x, xOffset + i);
    }
    for (int i = whole; i < length; i++) {
      x[xOffset + i] += y[yOffset + i];
    }
  }

  @Override
  public void addScaled(float[] x, int xOffset, float[] y, int yOffset, float factor, int length) {
    int whole = FLOATS.loopBound(length);
    FloatVector factors = FloatVector.broadcast(FLOATS, factor);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, y, yOffset + i)
          .fma(factors, FloatVector.fromArray(FLOATS, x, xOffset + i))
          .intoArray(x, xOffset + i);
    }
    for (int i = whole; i < length; i++) {
      x[xOffset + i] = Math.fma(y[yOffset + i], factor, x[xOffset + i]);
    }
  }

  @Override
  public float dot(
      float[] x, int xOffset, float[] y, int yOffset, int length, KernelScratch scratch) {
    float[] partial = scratch.partialSums;
    int whole = length / 16 * 16;
    for (int lane = 0; lane < 16; lane += FLOAT_LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += 16) {
        sum =
            FloatVector.fromArray(FLOATS, x, xOffset + i)
                .fma(FloatVector.fromArray(FLOATS, y, yOffset + i), sum);
      }
      sum.intoArray(partial, lane);
    }
    for (int i = whole; i < length; i++) {
      partial[i % 16] = Math.fma(x[xOffset + i], y[yOffset + i], partial[i % 16]);
    }
    return ScalarKernels.treeSum(partial, 0, 16);
  }

  @Override
  public void geglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    int whole = FLOATS.loopBound(length);
    FloatVector cubic = FloatVector.broadcast(FLOATS, Exponential.GELU_CUBIC);
    FloatVector linear = FloatVector.broadcast(FLOATS, Exponential.GELU_LINEAR);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, gateOffset + i);
      g.div(exp(g.mul(g).fma(cubic, linear).mul(g)).add(1f))
          .mul(FloatVector.fromArray(FLOATS, up, upOffset + i))
          .intoArray(gate, gateOffset + i);
    }
    for (int i = whole; i < length; i++) {
      gate[gateOffset + i] = ScalarKernels.gelu(gate[gateOffset + i]) * up[upOffset + i];
    }
  }

  @Override
  public void swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    int whole = FLOATS.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, gateOffset + i);
      g.div(exp(g.neg()).add(1f))
          .mul(FloatVector.fromArray(FLOATS, up, upOffset + i))
          .intoArray(gate, gateOffset + i);
    }
    for (int i = whole; i < length; i++) {
      float g = gate[gateOffset + i];
      gate[gateOffset + i] = g / (1 + Exponential.exp(-g)) * up[upOffset + i];
    }
  }

  /** {@link Exponential#exp} in every lane. */
  static FloatVector exp(FloatVector x) {
    VectorMask<Float> below = x.compare(VectorOperators.LT, Exponential.MIN);
    FloatVector clamped = x.min(Exponential.MAX);
    FloatVector round = FloatVector.broadcast(FLOATS, Exponential.ROUND);
    FloatVector shifted = clamped.fma(FloatVector.broadcast(FLOATS, Exponential.LOG2_E), round);
    FloatVector n = shifted.sub(round);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW), r);
    FloatVector p =
        FloatVector.broadcast(FLOATS, Exponential.C7)
            .fma(r, FloatVector.broadcast(FLOATS, Exponential.C6));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C5));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C4));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C3));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C2));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
    IntVector exponent =
        shifted
            .reinterpretAsInts()
            .sub(Float.floatToRawIntBits(Exponential.ROUND))
            .lanewise(VectorOperators.LSHL, 23);
    FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return scaled.blend(0f, below);
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
    VectorRotation.rotate(x, offset, heads, headLength, adjacent, pairs, cosines, sines, row);
  }

  @Override
  public void attention(AttentionRun run, KernelScratch scratch) {
    for (int token = 0; token < run.tokens(); token++) {
      VectorAttention.attend(run, token, scratch);
    }
  }
}

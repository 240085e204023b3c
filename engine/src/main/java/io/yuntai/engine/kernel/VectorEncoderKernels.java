package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The Vector API's: equal to {@link ScalarEncoderKernels} bit for bit at every width. */
public final class VectorEncoderKernels implements EncoderKernels {
  @Override
  public void layerNorm(
      float[] x, int offset, float[] weight, float[] bias, float epsilon, int length) {
    float[] partial = new float[16];
    int whole = length / 16 * 16;
    for (int lane = 0; lane < 16; lane += FLOAT_LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += 16) {
        sum = sum.add(FloatVector.fromArray(FLOATS, x, offset + i));
      }
      sum.intoArray(partial, lane);
    }
    for (int i = whole; i < length; i++) {
      partial[i % 16] += x[offset + i];
    }
    float mean = ScalarEncoderKernels.mean(ScalarKernels.treeSum(partial, 0, 16), length);
    Arrays.fill(partial, 0);
    for (int lane = 0; lane < 16; lane += FLOAT_LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += 16) {
        FloatVector deviation = FloatVector.fromArray(FLOATS, x, offset + i).sub(mean);
        sum = deviation.fma(deviation, sum);
      }
      sum.intoArray(partial, lane);
    }
    for (int i = whole; i < length; i++) {
      float deviation = x[offset + i] - mean;
      partial[i % 16] = Math.fma(deviation, deviation, partial[i % 16]);
    }
    float inverse =
        ScalarKernels.inverseRoot(ScalarKernels.treeSum(partial, 0, 16), length, epsilon);
    for (int i = 0; i < whole; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, x, offset + i)
          .sub(mean)
          .mul(inverse)
          .fma(FloatVector.fromArray(FLOATS, weight, i), FloatVector.fromArray(FLOATS, bias, i))
          .intoArray(x, offset + i);
    }
    for (int i = whole; i < length; i++) {
      x[offset + i] = Math.fma((x[offset + i] - mean) * inverse, weight[i], bias[i]);
    }
  }

  @Override
  public void gelu(float[] x, int offset, int length) {
    int whole = FLOATS.loopBound(length);
    for (int i = offset; i < offset + whole; i += FLOAT_LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector scaled = v.mul(ErrorFunction.INVERSE_ROOT_2);
      v.mul(0.5f).mul(erf(scaled).add(1f)).intoArray(x, i);
    }
    for (int i = offset + whole; i < offset + length; i++) {
      x[i] = ErrorFunction.gelu(x[i]);
    }
  }

  /** {@link ErrorFunction#erf} in every lane. */
  private static FloatVector erf(FloatVector x) {
    FloatVector z = x.abs().min(ErrorFunction.CAP);
    FloatVector square = z.mul(z);
    FloatVector p = FloatVector.broadcast(FLOATS, ErrorFunction.NEAR[0]);
    for (int i = 1; i < ErrorFunction.NEAR.length; i++) {
      p = p.fma(square, FloatVector.broadcast(FLOATS, ErrorFunction.NEAR[i]));
    }
    FloatVector q = FloatVector.broadcast(FLOATS, ErrorFunction.FAR[0]);
    for (int i = 1; i < ErrorFunction.FAR.length; i++) {
      q = q.fma(z, FloatVector.broadcast(FLOATS, ErrorFunction.FAR[i]));
    }
    FloatVector far = FloatVector.broadcast(FLOATS, 1f).sub(VectorKernels.exp(q.mul(z).neg()));
    VectorMask<Float> near = z.compare(VectorOperators.LT, ErrorFunction.SPLIT);
    FloatVector magnitude = far.blend(p.mul(z), near);
    VectorMask<Float> negative = x.test(VectorOperators.IS_NEGATIVE);
    return magnitude.lanewise(VectorOperators.NEG, negative);
  }

  @Override
  public void attention(EncoderAttention run, EncoderScratch scratch) {
    VectorEncoderAttention.attend(run, scratch);
  }
}

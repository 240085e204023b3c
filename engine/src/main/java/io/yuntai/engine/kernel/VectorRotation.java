package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Rotary position embedding with lanes = pairs, or two lanes a pair of neighbours. */
final class VectorRotation {
  // For pairs of neighbours: lanes 0 0 1 1 2 2 ..., their second half, and a pair's two elements.
  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(FLOATS, i -> i / 2);
  private static final VectorShuffle<Float> UPPER =
      VectorShuffle.fromOp(FLOATS, i -> (FLOAT_LANES + i) / 2);
  private static final VectorShuffle<Float> FIRST = VectorShuffle.fromOp(FLOATS, i -> i & ~1);
  private static final VectorShuffle<Float> SECOND = VectorShuffle.fromOp(FLOATS, i -> i | 1);
  private static final VectorMask<Float> ODD =
      VectorMask.fromLong(FLOATS, 0xAAAA & ((1L << FLOAT_LANES) - 1));

  private VectorRotation() {}

  static void rotate(
      float[] x,
      int offset,
      int heads,
      int headLength,
      boolean adjacent,
      int pairs,
      float[] cosines,
      float[] sines,
      int row) {
    int whole = FLOATS.loopBound(pairs);
    for (int pair = 0; pair < whole; pair += FLOAT_LANES) {
      FloatVector cosine = FloatVector.fromArray(FLOATS, cosines, row + pair);
      FloatVector sine = FloatVector.fromArray(FLOATS, sines, row + pair);
      if (adjacent) {
        int at = offset + 2 * pair;
        neighbours(x, at, heads, headLength, cosine.rearrange(LOWER), sine.rearrange(LOWER));
        at += FLOAT_LANES;
        neighbours(x, at, heads, headLength, cosine.rearrange(UPPER), sine.rearrange(UPPER));
      } else {
        halves(x, offset + pair, heads, headLength, pairs, cosine, sine);
      }
    }
    for (int head = 0; head < heads && whole < pairs; head++) {
      int first = offset + head * headLength;
      ScalarKernels.rotateHead(x, first, adjacent, whole, pairs, cosines, sines, row);
    }
  }

  private static void neighbours(
      float[] x, int offset, int heads, int headLength, FloatVector cosine, FloatVector sine) {
    FloatVector ofFirst = cosine.blend(sine, ODD);
    FloatVector ofSecond = sine.neg().blend(cosine, ODD);
    for (int head = 0; head < heads; head++) {
      int at = offset + head * headLength;
      FloatVector both = FloatVector.fromArray(FLOATS, x, at);
      both.rearrange(FIRST).fma(ofFirst, both.rearrange(SECOND).mul(ofSecond)).intoArray(x, at);
    }
  }

  private static void halves(
      float[] x,
      int offset,
      int heads,
      int headLength,
      int pairs,
      FloatVector cosine,
      FloatVector sine) {
    for (int head = 0; head < heads; head++) {
      int at = offset + head * headLength;
      FloatVector a = FloatVector.fromArray(FLOATS, x, at);
      FloatVector b = FloatVector.fromArray(FLOATS, x, at + pairs);
      a.fma(cosine, b.mul(sine).neg()).intoArray(x, at);
      a.fma(sine, b.mul(cosine)).intoArray(x, at + pairs);
    }
  }
}

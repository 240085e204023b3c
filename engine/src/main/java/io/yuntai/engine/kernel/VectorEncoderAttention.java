package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.EncoderScratch.BLOCK;
import static io.yuntai.engine.kernel.EncoderScratch.QUERIES;
import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static io.yuntai.engine.kernel.Lanes.HALF_LANES;
import static io.yuntai.engine.kernel.Lanes.QUARTER_LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention over a whole sequence in the Vector API: in scores a lane is a position, in results an
 * element, so nothing is summed across lanes. Four queries at a time share what is read, and give
 * eight chains of fma side by side, as many as hide their latency.
 */
final class VectorEncoderAttention {
  private final EncoderAttention run;
  private final EncoderScratch scratch;
  private final int headLength;

  private VectorEncoderAttention(EncoderAttention run, EncoderScratch scratch) {
    this.run = run;
    this.scratch = scratch;
    this.headLength = run.headLength();
  }

  static void attend(EncoderAttention run, EncoderScratch scratch) {
    VectorEncoderAttention attention = new VectorEncoderAttention(run, scratch);
    attention.transposeKeys();
    for (int query = 0; query < run.queryCount(); query += QUERIES) {
      attention.attend(run.firstQuery() + query, Math.min(QUERIES, run.queryCount() - query));
    }
  }

  private void transposeKeys() {
    float[] to = scratch.keys;
    int padded = Math.ceilDiv(run.tokens(), BLOCK) * BLOCK;
    Arrays.fill(to, (padded - BLOCK) * headLength, padded * headLength, 0);
    for (int token = 0; token < run.tokens(); token++) {
      int from = run.row(token);
      int at = token / BLOCK * BLOCK * headLength + token % BLOCK;
      for (int e = 0; e < headLength; e++) {
        to[at + e * BLOCK] = run.keys()[from + e];
      }
    }
  }

  /** Up to four queries; where there are fewer, the last one is computed again in vain. */
  private void attend(int query, int count) {
    int row0 = run.row(query);
    int row1 = run.row(query + Math.min(1, count - 1));
    int row2 = run.row(query + Math.min(2, count - 1));
    int row3 = run.row(query + Math.min(3, count - 1));
    Arrays.fill(scratch.maxima, Float.NEGATIVE_INFINITY);
    Arrays.fill(scratch.totals, 0);
    Arrays.fill(scratch.sums, 0);
    for (int start = 0; start < run.tokens(); start += BLOCK) {
      int seen = Math.min(BLOCK, run.tokens() - start);
      score(run.queries(), row0, row1, row2, row3, scratch.keys, start * headLength, headLength);
      for (int i = 0; i < QUERIES; i++) {
        weigh(i, seen);
      }
      sum(run.row(start), seen);
    }
    for (int i = 0; i < count; i++) {
      int to = run.row(query + i);
      for (int e = 0; e < headLength; e++) {
        run.results()[to + e] = scratch.sums[i * headLength + e] / scratch.totals[i];
      }
    }
  }

  private void score(
      float[] q, int row0, int row1, int row2, int row3, float[] block, int from, int length) {
    float[] scores = scratch.scores;
    for (int lane = 0; lane < BLOCK; lane += 2 * FLOAT_LANES) {
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector b2 = a0;
      FloatVector b3 = a0;
      for (int e = 0; e < length; e++) {
        int at = from + e * BLOCK + lane;
        FloatVector a = FloatVector.fromArray(FLOATS, block, at);
        FloatVector b = FloatVector.fromArray(FLOATS, block, at + FLOAT_LANES);
        FloatVector q0 = FloatVector.broadcast(FLOATS, q[row0 + e]);
        FloatVector q1 = FloatVector.broadcast(FLOATS, q[row1 + e]);
        FloatVector q2 = FloatVector.broadcast(FLOATS, q[row2 + e]);
        FloatVector q3 = FloatVector.broadcast(FLOATS, q[row3 + e]);
        a0 = a.fma(q0, a0);
        a1 = a.fma(q1, a1);
        a2 = a.fma(q2, a2);
        a3 = a.fma(q3, a3);
        b0 = b.fma(q0, b0);
        b1 = b.fma(q1, b1);
        b2 = b.fma(q2, b2);
        b3 = b.fma(q3, b3);
      }
      a0.mul(run.scale()).intoArray(scores, lane);
      a1.mul(run.scale()).intoArray(scores, BLOCK + lane);
      a2.mul(run.scale()).intoArray(scores, 2 * BLOCK + lane);
      a3.mul(run.scale()).intoArray(scores, 3 * BLOCK + lane);
      b0.mul(run.scale()).intoArray(scores, lane + FLOAT_LANES);
      b1.mul(run.scale()).intoArray(scores, BLOCK + lane + FLOAT_LANES);
      b2.mul(run.scale()).intoArray(scores, 2 * BLOCK + lane + FLOAT_LANES);
      b3.mul(run.scale()).intoArray(scores, 3 * BLOCK + lane + FLOAT_LANES);
    }
  }

  /** A block's scores of one query to probabilities; what was summed so far is scaled down. */
  private void weigh(int query, int seen) {
    float[] scores = scratch.scores;
    int from = query * BLOCK;
    // An absent position weighs nothing: the exponential of this is 0.
    Arrays.fill(scores, from + seen, from + BLOCK, Float.NEGATIVE_INFINITY);
    float max = scratch.maxima[query];
    float newMax = Math.max(max, largest(scores, from));
    float correction = Exponential.exp(max - newMax);
    float total = exponentials(scores, from, newMax);
    scratch.totals[query] = Math.fma(scratch.totals[query], correction, total);
    scratch.maxima[query] = newMax;
    scale(scratch.sums, query * headLength, headLength, correction);
  }

  private static float largest(float[] scores, int from) {
    FloatVector largest = FloatVector.fromArray(FLOATS, scores, from);
    for (int i = FLOAT_LANES; i < BLOCK; i += FLOAT_LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, scores, from + i));
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  /** Replaces a block's scores by exponentials; gives their sum as {@code treeSum} does. */
  private float exponentials(float[] scores, int from, float max) {
    for (int i = from; i < from + BLOCK; i += FLOAT_LANES) {
      VectorKernels.exp(FloatVector.fromArray(FLOATS, scores, i).sub(max)).intoArray(scores, i);
    }
    return treeSum(scores, from);
  }

  /** As {@link ScalarKernels#treeSum}, level by level; lanes hold what is to be added next. */
  private float treeSum(float[] values, int from) {
    float[] tree = scratch.tree;
    System.arraycopy(values, from, tree, 0, BLOCK);
    int half = BLOCK / 2;
    for (; half >= FLOAT_LANES; half /= 2) {
      for (int i = 0; i < half; i += FLOAT_LANES) {
        FloatVector.fromArray(FLOATS, tree, i)
            .add(FloatVector.fromArray(FLOATS, tree, i + half))
            .intoArray(tree, i);
      }
    }
    // Scalar additions of these few would take a tenth of an encoder's time.
    if (half == HALF_LANES.length()) {
      halve(HALF_LANES, tree, half);
      half /= 2;
    }
    if (half == QUARTER_LANES.length()) {
      halve(QUARTER_LANES, tree, half);
      half /= 2;
    }
    return ScalarKernels.treeSum(tree, 0, 2 * half);
  }

  private static void halve(VectorSpecies<Float> lanes, float[] tree, int half) {
    FloatVector.fromArray(lanes, tree, 0)
        .add(FloatVector.fromArray(lanes, tree, half))
        .intoArray(tree, 0);
  }

  private static void scale(float[] values, int from, int length, float factor) {
    int whole = FLOATS.loopBound(length);
    for (int i = from; i < from + whole; i += FLOAT_LANES) {
      FloatVector.fromArray(FLOATS, values, i).mul(factor).intoArray(values, i);
    }
    for (int i = from + whole; i < from + length; i++) {
      values[i] *= factor;
    }
  }

  /** Adds a block's values, weighed, to the sums of four queries. */
  private void sum(int from, int seen) {
    int e = 0;
    for (; e + FLOAT_LANES <= headLength; e += FLOAT_LANES) {
      sumLanes(
          run.values(), from + e, run.stride(), seen, scratch.scores, scratch.sums, e, headLength);
    }
    for (; e < headLength; e++) {
      for (int i = 0; i < QUERIES; i++) {
        float sum = scratch.sums[i * headLength + e];
        for (int position = 0; position < seen; position++) {
          float value = run.values()[from + position * run.stride() + e];
          sum = Math.fma(value, scratch.scores[i * BLOCK + position], sum);
        }
        scratch.sums[i * headLength + e] = sum;
      }
    }
  }

  private static void sumLanes(
      float[] values, int from, int stride, int seen, float[] p, float[] sums, int e, int length) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, sums, e);
    FloatVector s1 = FloatVector.fromArray(FLOATS, sums, length + e);
    FloatVector s2 = FloatVector.fromArray(FLOATS, sums, 2 * length + e);
    FloatVector s3 = FloatVector.fromArray(FLOATS, sums, 3 * length + e);
    for (int i = 0; i < seen; i++) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, from + i * stride);
      s0 = value.fma(FloatVector.broadcast(FLOATS, p[i]), s0);
      s1 = value.fma(FloatVector.broadcast(FLOATS, p[BLOCK + i]), s1);
      s2 = value.fma(FloatVector.broadcast(FLOATS, p[2 * BLOCK + i]), s2);
      s3 = value.fma(FloatVector.broadcast(FLOATS, p[3 * BLOCK + i]), s3);
    }
    s0.intoArray(sums, e);
    s1.intoArray(sums, length + e);
    s2.intoArray(sums, 2 * length + e);
    s3.intoArray(sums, 3 * length + e);
  }
}

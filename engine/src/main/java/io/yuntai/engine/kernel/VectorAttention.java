package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Attention with a score's lanes = positions and a result's lanes = elements of the value. */
final class VectorAttention {
  private static final int POSITIONS = KvCache.BLOCK_TOKENS;

  private VectorAttention() {}

  /** All heads of one token of a run. */
  static void attend(AttentionRun run, int token, KernelScratch scratch) {
    KvCache cache = run.cache();
    int heads = run.heads();
    int end = run.end(token);
    int start = run.start(token);
    float[] query = run.queries();
    float[] out = run.out();
    int outOffset = run.outIndex(token, 0);
    KvLayout layout = cache.layout();
    int keyLength = layout.keyLength();
    int valueLength = layout.valueLength();
    Arrays.fill(out, outOffset, outOffset + heads * valueLength, 0);
    Arrays.fill(scratch.maxima, 0, heads, Float.NEGATIVE_INFINITY);
    Arrays.fill(scratch.totals, 0, heads, 0);
    for (int at = start / POSITIONS; at * POSITIONS < end; at++) {
      MemorySegment block = cache.block(run.blockTable()[at]);
      long from = layout.headOffset(run.layer(), run.kvHead());
      long keys = from + layout.keysOffset();
      long values = from + layout.valuesOffset();
      if (VectorKeyValues.needed(layout)) {
        VectorKeyValues.convert(block, from, layout, scratch);
        block = scratch.keyValues;
        keys = 0;
        values = (long) keyLength * POSITIONS * Float.BYTES;
      }
      int first = Math.max(0, start - at * POSITIONS);
      int last = Math.min(POSITIONS, end - at * POSITIONS);
      int head = 0;
      for (; head + 4 <= heads; head += 4) {
        fourScores(
            block,
            keys,
            query,
            run.queryIndex(token, head),
            keyLength,
            scratch.scores,
            head * POSITIONS);
      }
      for (; head < heads; head++) {
        scores(
            block,
            keys,
            query,
            run.queryIndex(token, head),
            keyLength,
            scratch.scores,
            head * POSITIONS);
      }
      for (head = 0; head < heads; head++) {
        float correction = softmax(scratch, head, first, last, run.scale());
        weighted(
            block,
            values,
            scratch.scores,
            head * POSITIONS,
            first,
            last,
            correction,
            out,
            outOffset + head * valueLength,
            valueLength);
      }
    }
    for (int head = 0; head < heads; head++) {
      float total = scratch.totals[head];
      for (int e = outOffset + head * valueLength; e < outOffset + (head + 1) * valueLength; e++) {
        out[e] = out[e] / total;
      }
    }
  }

  private static void fourScores(
      MemorySegment block, long keys, float[] query, int q, int length, float[] scores, int at) {
    for (int lane = 0; lane < POSITIONS; lane += FLOAT_LANES) {
      FloatVector a = FloatVector.zero(FLOATS);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int e = 0; e < length; e++) {
        FloatVector key =
            FloatVector.fromMemorySegment(
                FLOATS, block, keys + 4L * (e * POSITIONS + lane), LITTLE_ENDIAN);
        a = key.fma(FloatVector.broadcast(FLOATS, query[q + e]), a);
        b = key.fma(FloatVector.broadcast(FLOATS, query[q + length + e]), b);
        c = key.fma(FloatVector.broadcast(FLOATS, query[q + 2 * length + e]), c);
        d = key.fma(FloatVector.broadcast(FLOATS, query[q + 3 * length + e]), d);
      }
      a.intoArray(scores, at + lane);
      b.intoArray(scores, at + POSITIONS + lane);
      c.intoArray(scores, at + 2 * POSITIONS + lane);
      d.intoArray(scores, at + 3 * POSITIONS + lane);
    }
  }

  private static void scores(
      MemorySegment block, long keys, float[] query, int q, int length, float[] scores, int at) {
    for (int lane = 0; lane < POSITIONS; lane += FLOAT_LANES) {
      FloatVector a = FloatVector.zero(FLOATS);
      for (int e = 0; e < length; e++) {
        FloatVector key =
            FloatVector.fromMemorySegment(
                FLOATS, block, keys + 4L * (e * POSITIONS + lane), LITTLE_ENDIAN);
        a = key.fma(FloatVector.broadcast(FLOATS, query[q + e]), a);
      }
      a.intoArray(scores, at + lane);
    }
  }

  /**
   * Turns one head's scores of a block into probabilities; returns what earlier results are
   * multiplied with.
   */
  private static float softmax(KernelScratch scratch, int head, int first, int last, float scale) {
    float[] p = scratch.scores;
    int at = head * POSITIONS;
    float max = scratch.maxima[head];
    float newMax = max;
    for (int i = at + first; i < at + last; i++) {
      p[i] *= scale;
      newMax = Math.max(newMax, p[i]);
    }
    for (int i = at; i < at + POSITIONS; i += FLOAT_LANES) {
      VectorKernels.exp(FloatVector.fromArray(FLOATS, p, i).sub(newMax)).intoArray(p, i);
    }
    Arrays.fill(p, at, at + first, 0);
    Arrays.fill(p, at + last, at + POSITIONS, 0);
    System.arraycopy(p, at, scratch.partialSums, 0, POSITIONS);
    float sum = ScalarKernels.treeSum(scratch.partialSums, 0, POSITIONS);
    float correction = Exponential.exp(max - newMax);
    scratch.totals[head] = Math.fma(scratch.totals[head], correction, sum);
    scratch.maxima[head] = newMax;
    return correction;
  }

  private static void weighted(
      MemorySegment block,
      long values,
      float[] p,
      int at,
      int first,
      int last,
      float correction,
      float[] out,
      int to,
      int length) {
    int e = 0;
    for (; e + 4 * FLOAT_LANES <= length; e += 4 * FLOAT_LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, out, to + e).mul(correction);
      FloatVector b = FloatVector.fromArray(FLOATS, out, to + e + FLOAT_LANES).mul(correction);
      FloatVector c = FloatVector.fromArray(FLOATS, out, to + e + 2 * FLOAT_LANES).mul(correction);
      FloatVector d = FloatVector.fromArray(FLOATS, out, to + e + 3 * FLOAT_LANES).mul(correction);
      for (int i = first; i < last; i++) {
        FloatVector w = FloatVector.broadcast(FLOATS, p[at + i]);
        long v = values + 4L * (i * length + e);
        a = FloatVector.fromMemorySegment(FLOATS, block, v, LITTLE_ENDIAN).fma(w, a);
        b =
            FloatVector.fromMemorySegment(FLOATS, block, v + 4L * FLOAT_LANES, LITTLE_ENDIAN)
                .fma(w, b);
        c =
            FloatVector.fromMemorySegment(FLOATS, block, v + 8L * FLOAT_LANES, LITTLE_ENDIAN)
                .fma(w, c);
        d =
            FloatVector.fromMemorySegment(FLOATS, block, v + 12L * FLOAT_LANES, LITTLE_ENDIAN)
                .fma(w, d);
      }
      a.intoArray(out, to + e);
      b.intoArray(out, to + e + FLOAT_LANES);
      c.intoArray(out, to + e + 2 * FLOAT_LANES);
      d.intoArray(out, to + e + 3 * FLOAT_LANES);
    }
    for (; e + FLOAT_LANES <= length; e += FLOAT_LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, out, to + e).mul(correction);
      for (int i = first; i < last; i++) {
        long v = values + 4L * (i * length + e);
        a =
            FloatVector.fromMemorySegment(FLOATS, block, v, LITTLE_ENDIAN)
                .fma(FloatVector.broadcast(FLOATS, p[at + i]), a);
      }
      a.intoArray(out, to + e);
    }
    for (; e < length; e++) {
      float a = out[to + e] * correction;
      for (int i = first; i < last; i++) {
        a =
            Math.fma(
                block.get(ValueLayout.JAVA_FLOAT_UNALIGNED, values + 4L * (i * length + e)),
                p[at + i],
                a);
      }
      out[to + e] = a;
    }
  }
}

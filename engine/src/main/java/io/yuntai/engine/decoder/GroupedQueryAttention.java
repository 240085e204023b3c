package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;

/** Grouped-query attention: project, rotate and store, attend, project back. */
final class GroupedQueryAttention {
  private final Workspace work;
  private final GroupedQuery shape;
  private final AttentionStep step;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float[] attended;
  private final Inputs outputs;

  GroupedQueryAttention(Workspace work, GroupedQuery shape, AttentionStep step) {
    this.work = work;
    this.shape = shape;
    this.step = step;
    int attendedLength = shape.heads() * shape.valueLength();
    queries = new float[work.maxTokens * shape.heads() * shape.keyLength()];
    keys = new float[work.maxTokens * shape.kvHeads() * shape.keyLength()];
    values = new float[work.maxTokens * shape.kvHeads() * shape.valueLength()];
    attended = new float[work.maxTokens * attendedLength];
    outputs = new Inputs(work.kernels, work.maxTokens, attendedLength, Form.CODES_16);
  }

  /** Leaves the result in the workspace's projected rows. */
  void run(int layer, int window, RopeTable rope, float[] norm, GroupedQueryWeights weights) {
    work.normalize(norm, weights.query(), weights.key(), weights.value());
    work.products
        .add(weights.query(), work.inputs, queries)
        .add(weights.key(), work.inputs, keys)
        .add(weights.value(), work.inputs, values)
        .run();
    work.perToken(
        (token, worker) -> rotateAndStore(layer, rope, weights, token, work.scratch[worker]));
    step.run(layer, window, queries, attended);
    outputs.resize(work.tokens(), weights.output());
    work.perToken((token, worker) -> outputs.set(attended, token, work.scratch[worker]));
    work.products.add(weights.output(), outputs, work.projected).run();
  }

  private void rotateAndStore(
      int layer, RopeTable rope, GroupedQueryWeights weights, int token, KernelScratch scratch) {
    Kernels kernels = work.kernels;
    int length = shape.keyLength();
    int query = token * shape.heads() * length;
    int key = token * shape.kvHeads() * length;
    int value = token * shape.kvHeads() * shape.valueLength();
    if (shape.bias()) {
      kernels.add(queries, query, weights.queryBias(), 0, weights.queryBias().length);
      kernels.add(keys, key, weights.keyBias(), 0, weights.keyBias().length);
      kernels.add(values, value, weights.valueBias(), 0, weights.valueBias().length);
    }
    if (shape.headNorms()) {
      normalizeHeads(queries, query, shape.heads(), weights.queryNorm(), scratch);
      normalizeHeads(keys, key, shape.kvHeads(), weights.keyNorm(), scratch);
    }
    int position = step.position(token);
    rope.rotate(kernels, queries, query, shape.heads(), length, position);
    rope.rotate(kernels, keys, key, shape.kvHeads(), length, position);
    for (int head = 0; head < shape.kvHeads(); head++) {
      int headKey = key + head * length;
      step.store(
          token, layer, head, keys, headKey, values, value + head * shape.valueLength(), scratch);
    }
  }

  private void normalizeHeads(
      float[] x, int offset, int heads, float[] norm, KernelScratch scratch) {
    int length = shape.keyLength();
    for (int head = 0; head < heads; head++) {
      int at = offset + head * length;
      work.kernels.rmsNorm(x, at, norm, work.rmsEpsilon(), x, at, length, scratch);
    }
  }
}

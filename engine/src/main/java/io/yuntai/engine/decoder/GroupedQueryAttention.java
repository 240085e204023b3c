package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.kernel.Activations;
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

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(
      int layer,
      int window,
      RopeTable rope,
      float[] norm,
      GroupedQueryWeights weights,
      float[] outputNorm) {
    work.normalize(norm, weights.query(), weights.key(), weights.value());
    work.products
        .add(weights.query(), work.inputs, queries)
        .add(weights.key(), work.inputs, keys)
        .add(weights.value(), work.inputs, values)
        .run();
    outputs.resize(work.tokens(), weights.output());
    boolean aligned = step.partsAlign(Activations.GROUP);
    step.run(
        layer,
        window,
        queries,
        attended,
        (token, first, heads, scratch) ->
            rotateAndStore(layer, rope, weights, token, first, heads, scratch),
        aligned ? this::setOutputs : (_, _, _, _) -> {});
    if (!aligned) {
      work.perToken((token, worker) -> outputs.set(attended, token, work.scratch[worker]));
    }
    work.addProduct(weights.output(), outputs, outputNorm);
  }

  private void setOutputs(int token, int firstHead, int heads, KernelScratch scratch) {
    int length = shape.valueLength();
    int first = firstHead * length;
    int at = token * shape.heads() * length + first;
    outputs.set(attended, at, token, first, heads * length, scratch);
  }

  /** For some key-value heads and the query heads that share them. */
  private void rotateAndStore(
      int layer,
      RopeTable rope,
      GroupedQueryWeights weights,
      int token,
      int firstKvHead,
      int kvHeads,
      KernelScratch scratch) {
    Kernels kernels = work.kernels;
    int group = shape.heads() / shape.kvHeads();
    int heads = kvHeads * group;
    int length = shape.keyLength();
    int firstQuery = firstKvHead * group * length;
    int firstKey = firstKvHead * length;
    int firstValue = firstKvHead * shape.valueLength();
    int query = token * shape.heads() * length + firstQuery;
    int key = token * shape.kvHeads() * length + firstKey;
    int value = token * shape.kvHeads() * shape.valueLength() + firstValue;
    if (shape.bias()) {
      kernels.add(queries, query, weights.queryBias(), firstQuery, heads * length);
      kernels.add(keys, key, weights.keyBias(), firstKey, kvHeads * length);
      kernels.add(values, value, weights.valueBias(), firstValue, kvHeads * shape.valueLength());
    }
    if (shape.headNorms()) {
      normalizeHeads(queries, query, heads, weights.queryNorm(), scratch);
      normalizeHeads(keys, key, kvHeads, weights.keyNorm(), scratch);
    }
    int position = step.position(token);
    rope.rotate(kernels, queries, query, heads, length, position);
    rope.rotate(kernels, keys, key, kvHeads, length, position);
    for (int head = 0; head < kvHeads; head++) {
      step.store(
          token,
          layer,
          firstKvHead + head,
          keys,
          key + head * length,
          values,
          value + head * shape.valueLength(),
          scratch);
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

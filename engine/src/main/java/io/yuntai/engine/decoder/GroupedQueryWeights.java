package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;

/** Weights of grouped-query attention. Biases and norms are empty where there are none. */
record GroupedQueryWeights(
    PackedMatrix query,
    PackedMatrix key,
    PackedMatrix value,
    float[] queryBias,
    float[] keyBias,
    float[] valueBias,
    float[] queryNorm,
    float[] keyNorm,
    PackedMatrix output)
    implements AttentionWeights {
  private static final float[] NONE = {};

  static GroupedQueryWeights load(
      TensorLoader tensors, String prefix, GroupedQuery shape, int width) {
    int queries = shape.heads() * shape.keyLength();
    int keys = shape.kvHeads() * shape.keyLength();
    int values = shape.kvHeads() * shape.valueLength();
    PackedMatrix query;
    PackedMatrix key;
    PackedMatrix value;
    if (shape.fused()) {
      TensorInfo all = tensors.tensor(prefix + "attn_qkv.weight", width, queries + keys + values);
      query = tensors.place(all.slice("q", 0, queries));
      key = tensors.place(all.slice("k", queries, keys));
      value = tensors.place(all.slice("v", queries + keys, values));
    } else {
      query = tensors.matrix(prefix + "attn_q.weight", width, queries);
      key = tensors.matrix(prefix + "attn_k.weight", width, keys);
      value = tensors.matrix(prefix + "attn_v.weight", width, values);
    }
    boolean bias = shape.bias();
    boolean norms = shape.headNorms();
    return new GroupedQueryWeights(
        query,
        key,
        value,
        bias ? tensors.vector(prefix + "attn_q.bias", queries) : NONE,
        bias ? tensors.vector(prefix + "attn_k.bias", keys) : NONE,
        bias ? tensors.vector(prefix + "attn_v.bias", values) : NONE,
        norms ? tensors.vector(prefix + "attn_q_norm.weight", shape.keyLength()) : NONE,
        norms ? tensors.vector(prefix + "attn_k_norm.weight", shape.keyLength()) : NONE,
        tensors.matrix(prefix + "attn_output.weight", shape.heads() * shape.valueLength(), width));
  }
}

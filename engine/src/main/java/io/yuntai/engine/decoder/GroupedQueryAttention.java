package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Grouped-query attention: project, rotate and store, attend, project back. */
final class GroupedQueryAttention implements AttentionStep.HeadWork {
  private final Workspace work;
  private final GroupedQuery shape;
  private final AttentionStep step;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float[] attended;
  private final Inputs outputs;
  private final WorkerTeam.Task setOutputs = this::setOutputs;

  // The layer that runs.
  private int layer;
  private @Nullable RopeTable rope;
  private @Nullable GroupedQueryWeights weights;

  /** Whether a part of attention gives whole groups of the last product's inputs. */
  private boolean aligned;

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
      int newLayer,
      int window,
      RopeTable newRope,
      float[] norm,
      GroupedQueryWeights newWeights,
      float[] outputNorm) {
    layer = newLayer;
    rope = newRope;
    weights = newWeights;
    PackedMatrix query = newWeights.query();
    PackedMatrix key = newWeights.key();
    PackedMatrix value = newWeights.value();
    work.inputs.begin(work.tokens()).into(query).into(key).into(value);
    work.normalize(norm);
    work.adapters.compress(LoraInput.ATTENTION, work.normed, work.width(), work.products);
    work.products
        .add(query, work.inputs, queries)
        .with(LoraTarget.QUERY)
        .add(key, work.inputs, keys)
        .with(LoraTarget.KEY)
        .add(value, work.inputs, values)
        .with(LoraTarget.VALUE)
        .run();
    outputs.begin(work.tokens()).into(newWeights.output());
    aligned = step.partsAlign(Activations.GROUP);
    step.run(layer, window, queries, attended, this);
    if (!aligned) {
      work.perToken(setOutputs);
    }
    int attendedLength = shape.heads() * shape.valueLength();
    work.adapters.compress(LoraInput.ATTENDED, attended, attendedLength, work.products);
    work.addProduct(newWeights.output(), outputs, LoraTarget.OUTPUT, outputNorm);
  }

  private void setOutputs(int token, int worker) {
    outputs.set(attended, token, work.scratch[worker]);
  }

  @Override
  public void after(int token, int firstHead, int heads, KernelScratch scratch) {
    if (aligned) {
      int length = shape.valueLength();
      int first = firstHead * length;
      int at = token * shape.heads() * length + first;
      outputs.set(attended, at, token, first, heads * length, scratch);
    }
  }

  /** Rotates and stores. */
  @Override
  public void before(int token, int firstKvHead, int kvHeads, KernelScratch scratch) {
    GroupedQueryWeights of = Objects.requireNonNull(weights);
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
      kernels.add(queries, query, of.queryBias(), firstQuery, heads * length);
      kernels.add(keys, key, of.keyBias(), firstKey, kvHeads * length);
      kernels.add(values, value, of.valueBias(), firstValue, kvHeads * shape.valueLength());
    }
    if (shape.headNorms()) {
      normalizeHeads(queries, query, heads, of.queryNorm(), scratch);
      normalizeHeads(keys, key, kvHeads, of.keyNorm(), scratch);
    }
    int position = step.position(token);
    RopeTable angles = Objects.requireNonNull(rope);
    angles.rotate(kernels, queries, query, heads, length, position);
    angles.rotate(kernels, keys, key, kvHeads, length, position);
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

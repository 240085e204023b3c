package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.Latent;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.PackedMatrix;

/**
 * Multi-head latent attention in its absorbed form (DeepSeek-V2): each query head is brought into
 * the compressed space, where one compressed key of all heads waits, followed by one rotated key;
 * the result, a mixture of compressed values, is brought out of it.
 */
final class LatentAttention {
  private final Workspace work;
  private final Latent shape;
  private final AttentionStep step;

  /** Queries compressed, and as they are projected. */
  private final float[] compressedQueries;

  private final float[] queries;

  /** Per head a query in the compressed space, then its rotated elements. */
  private final float[] absorbed;

  /** Compressed key, then rotated key. */
  private final float[] keys;

  private final float[] attended;
  private final float[] values;

  private final Inputs queryInputs;
  private final PartedInputs plainInputs;
  private final PartedInputs attendedInputs;
  private final Inputs outputs;
  private final int[] headRows;

  LatentAttention(Workspace work, Latent shape, AttentionStep step) {
    this.work = work;
    this.shape = shape;
    this.step = step;
    int tokens = work.maxTokens;
    int heads = shape.heads();
    compressedQueries = new float[tokens * shape.queryRank()];
    queries = new float[tokens * heads * shape.queryLength()];
    absorbed = new float[tokens * heads * shape.keyLength()];
    keys = new float[tokens * shape.keyLength()];
    attended = new float[tokens * heads * shape.rank()];
    values = new float[tokens * heads * shape.headValueLength()];
    queryInputs = new Inputs(work.kernels, tokens, Math.max(1, shape.queryRank()), Form.CODES_8);
    plainInputs =
        new PartedInputs(work.kernels, tokens * heads, shape.plainLength(), Form.CODES_16);
    attendedInputs = new PartedInputs(work.kernels, tokens * heads, shape.rank(), Form.CODES_16);
    outputs = new Inputs(work.kernels, tokens, heads * shape.headValueLength(), Form.CODES_16);
    headRows = new int[heads + 1];
  }

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(
      int layer,
      int window,
      RopeTable rope,
      float[] norm,
      LatentWeights weights,
      float[] outputNorm) {
    for (int head = 0; head <= shape.heads(); head++) {
      headRows[head] = head * work.tokens();
    }
    project(layer, rope, norm, weights);
    absorb(rope, weights);
    step.run(layer, window, absorbed, attended);
    release(weights);
    outputs.begin(work.tokens()).into(weights.output());
    work.perToken((token, worker) -> outputs.set(values, token, work.scratch[worker]));
    work.addProduct(weights.output(), outputs, LoraTarget.OUTPUT, outputNorm);
  }

  /** Makes queries, and keys in the cache. */
  private void project(int layer, RopeTable rope, float[] norm, LatentWeights weights) {
    PackedMatrix queryDown = weights.queryDown();
    PackedMatrix first = queryDown == null ? weights.query() : queryDown;
    work.inputs.begin(work.tokens()).into(first).into(weights.compress());
    work.normalize(norm);
    work.products.add(weights.compress(), work.inputs, keys);
    if (queryDown == null) {
      work.products.add(weights.query(), work.inputs, queries).run();
      work.perToken((token, worker) -> storeKey(layer, rope, weights, token, work.scratch[worker]));
      return;
    }
    work.products.add(queryDown, work.inputs, compressedQueries).run();
    queryInputs.begin(work.tokens()).into(weights.query());
    work.perToken((token, worker) -> {
      KernelScratch scratch = work.scratch[worker];
      storeKey(layer, rope, weights, token, scratch);
      normalize(
          compressedQueries,
          token * shape.queryRank(),
          weights.queryNorm(),
          shape.queryRank(),
          scratch);
      queryInputs.set(compressedQueries, token, scratch);
    });
    work.products.add(weights.query(), queryInputs, queries).run();
  }

  private void storeKey(
      int layer, RopeTable rope, LatentWeights weights, int token, KernelScratch scratch) {
    int key = token * shape.keyLength();
    normalize(keys, key, weights.compressedNorm(), shape.rank(), scratch);
    int rotated = key + shape.rank();
    rope.rotate(work.kernels, keys, rotated, 1, shape.rotatedLength(), step.position(token));
    step.store(token, layer, 0, keys, key, keys, key, scratch);
  }

  private void normalize(float[] x, int at, float[] norm, int length, KernelScratch scratch) {
    work.kernels.rmsNorm(x, at, norm, work.rmsEpsilon(), x, at, length, scratch);
  }

  /** Brings queries into the compressed space. */
  private void absorb(RopeTable rope, LatentWeights weights) {
    int heads = shape.heads();
    plainInputs.layOut(headRows, weights.keyUp().getFirst());
    work.team.run(
        work.tokens() * heads,
        (item, worker) -> {
          int token = item / heads;
          int head = item % heads;
          int query = item * shape.queryLength();
          plainInputs.set(queries, query, head, token, work.scratch[worker]);
          int rotated = item * shape.keyLength() + shape.rank();
          System.arraycopy(
              queries, query + shape.plainLength(), absorbed, rotated, shape.rotatedLength());
          rope.rotate(
              work.kernels, absorbed, rotated, 1, shape.rotatedLength(), step.position(token));
        });
    for (int head = 0; head < heads; head++) {
      PackedMatrix keyUp = weights.keyUp().get(head);
      work.products.add(
          keyUp,
          plainInputs.of(keyUp, head),
          absorbed,
          head * shape.keyLength(),
          heads * shape.keyLength());
    }
    work.products.run();
  }

  /** Brings results out of the compressed space. */
  private void release(LatentWeights weights) {
    int heads = shape.heads();
    attendedInputs.layOut(headRows, weights.valueUp().getFirst());
    work.team.run(
        work.tokens() * heads,
        (item, worker) ->
            attendedInputs.set(
                attended, item * shape.rank(), item % heads, item / heads, work.scratch[worker]));
    for (int head = 0; head < heads; head++) {
      PackedMatrix valueUp = weights.valueUp().get(head);
      work.products.add(
          valueUp,
          attendedInputs.of(valueUp, head),
          values,
          head * shape.headValueLength(),
          heads * shape.headValueLength());
    }
    work.products.run();
  }
}

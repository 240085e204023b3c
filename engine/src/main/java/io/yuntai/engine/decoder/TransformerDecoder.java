package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Decoders of all architectures: normalise, attend, add; normalise, feed forward, add; layer after
 * layer.
 *
 * <p>Steps alternate between work per token and work per tile of 32 rows; each is shared out over
 * the team, and nothing that is computed depends on how.
 */
public final class TransformerDecoder implements Decoder {
  /** Rows of logits made at once. */
  private static final int LOGIT_ROWS = 16;

  /** The system maps 64 KiB of the embedding with each row, so the whole would come to stay. */
  private static final int UNLOAD_TOKENS = 512;

  private final ModelConfig config;
  private final Weights weights;
  private final KvCache cache;
  private final Map<Rope, RopeTable> ropes = new HashMap<>();
  private final Workspace work;
  private final AttentionStep step;
  private final Attention attention;
  private final Map<FeedForwardShape, FeedForward> feedForwards = new HashMap<>();
  private final int contextTokens;
  private final float[] logitRows;
  private final Inputs outputs;
  private final Runnable release;

  /** Tokens since the embedding's pages were last given back. */
  private int embedded;

  /** The first half of a layer; leaves its result in the workspace. */
  private interface Attention {
    void run(int layer, ModelConfig.Layer shape, Weights.Layer weights);
  }

  /** The second half. */
  private interface FeedForward {
    void run(Weights.Layer weights);
  }

  /**
   * Loads the weights of a checked file.
   *
   * @param contextTokens most tokens of a sequence
   * @param kvBlocks blocks of the KV pool
   * @param kvFormat their element type
   * @param maxBatchTokens most tokens of a batch
   * @param team workers; closed with the decoder
   * @param packedCache where packed weights are kept; closed with the decoder
   */
  public TransformerDecoder(
      GgufFile file,
      ModelConfig config,
      Kernels kernels,
      WorkerTeam team,
      int contextTokens,
      int kvBlocks,
      KvCache.Format kvFormat,
      int maxBatchTokens,
      PackedCache packedCache) {
    this.config = config;
    this.contextTokens = contextTokens;
    @SuppressWarnings("MustBeClosedChecker") // closed with the decoder
    Arena arena = Arena.ofShared();
    try {
      for (ModelConfig.Layer layer : config.layers()) {
        ropes.computeIfAbsent(layer.rope(), rope -> RopeTable.of(rope, file, contextTokens));
      }
      weights = new WeightLoader(file, config, packedCache, arena).load(team);
    } catch (RuntimeException | Error e) {
      packedCache.close();
      arena.close();
      throw e;
    }
    release =
        () -> {
          packedCache.close();
          arena.close();
          file.close();
        };
    cache = new KvCache(config.kvShape(), kvBlocks, kvFormat);
    work = new Workspace(config, kernels, team, maxBatchTokens);
    step = new AttentionStep(work, config.attention(), cache);
    attention = attention(config.attention());
    for (ModelConfig.Layer layer : config.layers()) {
      feedForwards.computeIfAbsent(layer.feedForward(), this::feedForward);
    }
    logitRows = new float[LOGIT_ROWS * config.vocabularySize()];
    // The last product's error goes straight into the logits: a fifth of the KL to the ideal
    // (Qwen2.5-Coder-0.5B 0.00044, SmolLM2-135M 0.0036) came from 8-bit codes of its input.
    outputs = new Inputs(kernels, LOGIT_ROWS, config.width(), Form.CODES_16);
  }

  private Attention attention(AttentionShape shape) {
    return switch (shape) {
      case AttentionShape.GroupedQuery grouped -> {
        GroupedQueryAttention part = new GroupedQueryAttention(work, grouped, step);
        yield (layer, of, from) ->
            part.run(
                layer,
                of.window(),
                rope(of),
                from.attentionNorm(),
                (GroupedQueryWeights) from.attention(),
                from.attentionOutputNorm());
      }
      case AttentionShape.Latent latent -> {
        LatentAttention part = new LatentAttention(work, latent, step);
        yield (layer, of, from) ->
            part.run(
                layer,
                of.window(),
                rope(of),
                from.attentionNorm(),
                (LatentWeights) from.attention(),
                from.attentionOutputNorm());
      }
    };
  }

  private RopeTable rope(ModelConfig.Layer layer) {
    return Objects.requireNonNull(ropes.get(layer.rope()));
  }

  private FeedForward feedForward(FeedForwardShape shape) {
    return switch (shape) {
      case FeedForwardShape.Dense dense -> {
        DenseFeedForward part = new DenseFeedForward(work, dense.length());
        yield from ->
            part.run(
                from.feedForwardNorm(),
                (FeedForwardWeights.Gated) from.feedForward(),
                from.feedForwardOutputNorm());
      }
      case FeedForwardShape.Mixture mixture -> {
        MixtureFeedForward part = new MixtureFeedForward(work, mixture);
        yield from ->
            part.run(
                from.feedForwardNorm(),
                (FeedForwardWeights.Experts) from.feedForward(),
                from.feedForwardOutputNorm());
      }
    };
  }

  /**
   * Bytes that a model's weights take when loaded.
   *
   * @throws io.yuntai.engine.ModelFormatException where a tensor is missing or has another shape
   */
  public static long weightBytes(GgufFile file, ModelConfig config) {
    return WeightLoader.bytes(file, config);
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public int contextTokens() {
    return contextTokens;
  }

  @Override
  public int blockTokens() {
    return KvCache.BLOCK_TOKENS;
  }

  @Override
  public int blocks() {
    return cache.blocks();
  }

  @Override
  public int maxBatchTokens() {
    return work.maxTokens;
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    prepare(batch);
    embedded += batch.tokens().length;
    if (embedded > UNLOAD_TOKENS) {
      embedded = 0;
      weights.embedding().unload();
    }
    work.perToken((token, worker) -> embed(batch.tokens()[token], token));
    for (int i = 0; i < config.layers().size(); i++) {
      ModelConfig.Layer shape = config.layers().get(i);
      Weights.Layer layer = weights.layers().get(i);
      attention.run(i, shape, layer);
      Objects.requireNonNull(feedForwards.get(shape.feedForward())).run(layer);
    }
    project(batch.logitRows(), logits);
  }

  private void prepare(Batch batch) {
    int tokens = batch.tokens().length;
    if (tokens < 1 || tokens > work.maxTokens) {
      throw new IllegalArgumentException(
          tokens + " tokens in a batch for at most " + work.maxTokens);
    }
    for (int i = 0; i < tokens; i++) {
      int token = batch.tokens()[i];
      int position = batch.positions()[i];
      if (token < 0 || token >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "token %d is outside the vocabulary of %d".formatted(token, config.vocabularySize()));
      }
      if (position < 0 || position >= contextTokens) {
        throw new IllegalArgumentException(
            "position %d is outside the context of %d tokens".formatted(position, contextTokens));
      }
      cache.prepare(batch.blockTables()[batch.sequences()[i]][position / KvCache.BLOCK_TOKENS]);
      ropes.values().forEach(rope -> rope.prepare(position));
    }
    work.begin(tokens);
    step.begin(batch);
  }

  private void embed(int token, int row) {
    int width = config.width();
    float[] hidden = work.hidden;
    TensorInfo embedding = weights.embedding();
    long offset = token * embedding.type().bytes(width);
    Dequantizer.dequantize(embedding.type(), embedding.data(), offset, width, hidden, row * width);
    if (config.embeddingScale() != 1) {
      for (int i = row * width; i < (row + 1) * width; i++) {
        hidden[i] *= config.embeddingScale();
      }
    }
  }

  private void project(int[] rows, float[][] logits) {
    int width = config.width();
    int vocabulary = config.vocabularySize();
    for (int from = 0; from < rows.length; from += LOGIT_ROWS) {
      int first = from;
      int count = Math.min(LOGIT_ROWS, rows.length - from);
      outputs.resize(count, weights.output());
      work.team.run(
          count,
          (i, worker) -> {
            work.kernels.rmsNorm(
                work.hidden,
                rows[first + i] * width,
                weights.outputNorm(),
                config.rmsEpsilon(),
                work.normed,
                i * width,
                width,
                work.scratch[worker]);
            outputs.set(work.normed, i, work.scratch[worker]);
          });
      work.products.add(weights.output(), outputs, logitRows).run();
      for (int i = 0; i < count; i++) {
        System.arraycopy(logitRows, i * vocabulary, logits[first + i], 0, vocabulary);
      }
    }
  }

  @Override
  public void close() {
    work.team.close();
    cache.close();
    release.run();
  }
}

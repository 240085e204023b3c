package io.yuntai.engine.decoder;

import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Decoders of all architectures: normalise, attend, add; normalise, feed forward, add; layer after
 * layer.
 *
 * <p>Steps alternate between work per token and work per tile of 32 rows; each is shared out over
 * the team, and nothing that is computed depends on how.
 */
public final class TransformerDecoder implements Decoder {
  /** Rows of logits made at once. */
  static final int LOGIT_ROWS = 16;

  /** The system maps 64 KiB of the embedding with each row, so the whole would come to stay. */
  private static final int UNLOAD_TOKENS = 512;

  private static final int[] NO_TOKENS = {};
  private static final float[][] NO_LOGITS = {};

  private final ModelConfig config;
  private final Weights weights;
  private final LayerCaches cache;
  private final RopeTable[] ropes;
  private final Workspace work;
  private final AttentionStep step;

  /** Attention and feed-forward network of each layer, one after the other. */
  private final Runnable[] halves;

  private final int contextTokens;
  private final EmbeddingRows embeddings;
  private final Inputs outputs;

  /**
   * What states are multiplied with, of equally many rows each; none where they are the results.
   */
  private final PackedMatrix[] heads;

  private final Runnable release;

  // One object each, since a step allocates nothing.
  private final WorkerTeam.Task embed = this::embed;
  private final WorkerTeam.Task normalizeOutput = this::normalizeOutput;
  private final WorkerTeam.Task giveState = this::giveState;
  private final Products.RowTask takeLogits = this::takeLogits;

  // The batch that runs, and those of its rows of logits that are made.
  private int[] tokens = NO_TOKENS;
  private int[] rows = NO_TOKENS;
  private float[][] logits = NO_LOGITS;
  private int firstLogits;

  /** Tokens since the embedding's pages were last given back. */
  private int embedded;

  /**
   * Loads the weights of a checked file.
   *
   * @param contextTokens most tokens of a sequence
   * @param kvSize how large the KV cache is
   * @param maxBatchTokens most tokens of a batch
   * @param team workers; closed with the decoder
   * @param packedCache where packed weights are kept; closed with the decoder
   * @param onDisk whether weights stay there because they are larger than memory
   */
  public TransformerDecoder(
      GgufFile file,
      ModelConfig config,
      Kernels kernels,
      WorkerTeam team,
      int contextTokens,
      KvSize kvSize,
      int maxBatchTokens,
      PackedCache packedCache,
      boolean onDisk) {
    this.config = config;
    this.contextTokens = contextTokens;
    @SuppressWarnings("MustBeClosedChecker") // closed with the decoder
    Arena arena = Arena.ofShared();
    Map<Rope, RopeTable> tables = new HashMap<>();
    try {
      for (ModelConfig.Layer layer : config.layers()) {
        tables.computeIfAbsent(layer.rope(), rope -> RopeTable.of(rope, file, contextTokens));
      }
      WeightLoader loader = new WeightLoader(file, config, packedCache, arena);
      weights = onDisk ? loader.loadOnDisk(team) : loader.load(team);
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
    cache = new LayerCaches(config, kvSize);
    work = new Workspace(config, kernels, team, maxBatchTokens);
    step = new AttentionStep(work, config.attention(), cache);
    ropes = tables.values().toArray(RopeTable[]::new);
    halves = halves(tables);
    heads = weights.outputs().toArray(PackedMatrix[]::new);
    embeddings = new EmbeddingRows(weights.embedding(), config, team.workers());
    // The last product's error goes straight into the logits: a fifth of the KL to the ideal
    // (Qwen2.5-Coder-0.5B 0.00044, SmolLM2-135M 0.0036) came from 8-bit codes of its input.
    outputs = new Inputs(kernels, LOGIT_ROWS, config.width(), Form.CODES_16);
  }

  private Runnable[] halves(Map<Rope, RopeTable> tables) {
    IntFunction<Runnable> attentions = attentions(config.attention(), tables);
    Map<FeedForwardShape, IntFunction<Runnable>> feedForwards = new HashMap<>();
    Runnable[] made = new Runnable[2 * config.layers().size()];
    for (int layer = 0; layer < config.layers().size(); layer++) {
      made[2 * layer] = attentions.apply(layer);
      made[2 * layer + 1] =
          feedForwards
              .computeIfAbsent(config.layers().get(layer).feedForward(), this::feedForwards)
              .apply(layer);
    }
    return made;
  }

  /** The first half of each layer. */
  private IntFunction<Runnable> attentions(AttentionShape shape, Map<Rope, RopeTable> tables) {
    return switch (shape) {
      case AttentionShape.GroupedQuery grouped -> {
        GroupedQueryAttention part = new GroupedQueryAttention(work, grouped, step);
        yield layer -> {
          ModelConfig.Layer of = config.layers().get(layer);
          Weights.Layer from = weights.layers().get(layer);
          RopeTable rope = Objects.requireNonNull(tables.get(of.rope()));
          GroupedQueryWeights own = (GroupedQueryWeights) from.attention();
          return () ->
              part.run(
                  layer, of.window(), rope, from.attentionNorm(), own, from.attentionOutputNorm());
        };
      }
      case AttentionShape.Latent latent -> {
        LatentAttention part = new LatentAttention(work, latent, step);
        yield layer -> {
          ModelConfig.Layer of = config.layers().get(layer);
          Weights.Layer from = weights.layers().get(layer);
          RopeTable rope = Objects.requireNonNull(tables.get(of.rope()));
          LatentWeights own = (LatentWeights) from.attention();
          return () ->
              part.run(
                  layer, of.window(), rope, from.attentionNorm(), own, from.attentionOutputNorm());
        };
      }
    };
  }

  /** The second half of each layer of a shape. */
  private IntFunction<Runnable> feedForwards(FeedForwardShape shape) {
    return switch (shape) {
      case FeedForwardShape.Dense dense -> {
        DenseFeedForward part = new DenseFeedForward(work, dense.length());
        yield layer -> {
          Weights.Layer from = weights.layers().get(layer);
          FeedForwardWeights.Gated own = (FeedForwardWeights.Gated) from.feedForward();
          return () -> part.run(from.feedForwardNorm(), own, from.feedForwardOutputNorm());
        };
      }
      case FeedForwardShape.Mixture mixture -> {
        MixtureFeedForward part = new MixtureFeedForward(work, mixture);
        yield layer -> {
          Weights.Layer from = weights.layers().get(layer);
          FeedForwardWeights.Experts own = (FeedForwardWeights.Experts) from.feedForward();
          return () -> part.run(from.feedForwardNorm(), own, from.feedForwardOutputNorm());
        };
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

  /**
   * Bytes that batches are worked on in, and tables of angles.
   *
   * @param batchTokens most tokens of a batch
   * @param contextTokens most tokens of a sequence
   */
  public static long workBytes(ModelConfig config, int batchTokens, int contextTokens) {
    return WorkMemory.bytes(config, batchTokens, contextTokens);
  }

  /**
   * Bytes of weights that one token's step reads.
   *
   * @throws io.yuntai.engine.ModelFormatException as {@link #weightBytes}
   */
  public static long stepBytes(GgufFile file, ModelConfig config) {
    return WeightLoader.stepBytes(file, config);
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  /** Length of a row of results: as the configuration's head has it. */
  public int outputs() {
    return config.outputs();
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
  public int windowTokens() {
    return cache.windowBlocks() == 0 ? 0 : config.windowTokens();
  }

  @Override
  public int windowBlocks() {
    return cache.windowBlocks();
  }

  @Override
  public int maxBatchTokens() {
    return work.maxTokens;
  }

  @Override
  public Optional<KvBlocks> kvBlocks() {
    // A block without what windows see of it is no place to go on from.
    return cache.windowBlocks() > 0
        ? Optional.empty()
        : Optional.of(new CacheBlocks(cache.of(false)));
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    prepare(batch);
    embedded += batch.tokens().length;
    if (embedded > UNLOAD_TOKENS) {
      embedded = 0;
      weights.embedding().unload();
    }
    this.tokens = batch.tokens();
    this.rows = batch.logitRows();
    this.logits = logits;
    work.perToken(embed);
    for (int half = 0; half < halves.length; half++) {
      work.adapters.layer(half / 2);
      halves[half].run();
    }
    project();
    this.logits = NO_LOGITS;
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
      cache.prepare(batch, batch.sequences()[i], position);
      for (RopeTable rope : ropes) {
        rope.prepare(position);
      }
    }
    work.begin(tokens);
    work.adapters.begin(batch);
    step.begin(batch);
  }

  private void embed(int row, int worker) {
    embeddings.read(tokens[row], work.hidden, row * config.width(), worker);
  }

  private void project() {
    if (heads.length == 0) {
      work.team.run(rows.length, giveState);
      return;
    }
    for (firstLogits = 0; firstLogits < rows.length; firstLogits += LOGIT_ROWS) {
      int count = Math.min(LOGIT_ROWS, rows.length - firstLogits);
      outputs.begin(count);
      for (PackedMatrix head : heads) {
        outputs.into(head);
      }
      work.team.run(count, normalizeOutput);
      for (PackedMatrix head : heads) {
        work.products.add(head, outputs);
      }
      work.products.run(takeLogits);
    }
  }

  private void normalizeOutput(int i, int worker) {
    KernelScratch scratch = work.scratch[worker];
    normalize(rows[firstLogits + i], work.normed, i * config.width(), scratch);
    outputs.set(work.normed, i, scratch);
  }

  private void giveState(int i, int worker) {
    normalize(rows[i], logits[i], 0, work.scratch[worker]);
  }

  private void normalize(int row, float[] to, int offset, KernelScratch scratch) {
    int width = config.width();
    float[] norm = weights.outputNorm();
    float epsilon = config.rmsEpsilon();
    work.kernels.rmsNorm(work.hidden, row * width, norm, epsilon, to, offset, width, scratch);
  }

  /** Brings some ids' logits where they are wanted. */
  private void takeLogits(int first, int count, float[][] results, int stride, int worker) {
    int end = Math.min(rows.length, firstLogits + LOGIT_ROWS);
    for (int row = firstLogits; row < end; row++) {
      int from = (row - firstLogits) * stride;
      for (int head = 0; head < heads.length; head++) {
        int to = head * heads[head].rows() + first;
        System.arraycopy(results[head], from, logits[row], to, count);
      }
    }
  }

  @Override
  public long adapterBytes(AdapterFile adapter) {
    return new LoraLoader(config, adapter).bytes();
  }

  @Override
  public Adapter load(AdapterFile adapter) {
    return new LoraLoader(config, adapter).load(work.kernels instanceof ScalarKernels);
  }

  @Override
  public void close() {
    work.team.close();
    cache.close();
    release.run();
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.Weights.Layer;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.AttentionRun;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.Arena;

/**
 * The decoder of all dense architectures: normalise, attend, add; normalise, feed forward, add;
 * layer after layer.
 *
 * <p>Steps alternate between work per token and work per tile of 32 rows; each is shared out over
 * the team, and nothing that is computed depends on how.
 */
public final class TransformerDecoder implements Decoder {
  /** Rows of logits made at once. */
  private static final int LOGIT_ROWS = 16;

  /** Parts that a worker's share of a product is cut into, so that another can take some over. */
  private static final int CHUNKS_PER_WORKER = 8;

  private static final int MAX_CHUNK_TILES = 16;

  /** Most tokens that share the keys and values that attention reads. */
  private static final int MAX_RUN_TOKENS = 8;

  /** Parts that attention is cut into per worker, where there are tokens enough. */
  private static final int RUNS_PER_WORKER = 8;

  private final ModelConfig config;
  private final Weights weights;
  private final Kernels kernels;
  private final WorkerTeam team;
  private final KvCache cache;
  private final RopeTable rope;
  private final KernelScratch[] scratch;
  private final int contextTokens;
  private final int maxBatchTokens;
  private final Runnable release;

  /**
   * Where runs of tokens at consecutive positions of one sequence start; one more ends the last.
   */
  private final int[] runStarts;

  private int runs;
  private int headParts;

  private final float[] hidden;
  private final float[] normed;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float[] attended;
  private final float[] gates;
  private final float[] ups;
  private final float[] projected;
  private final float[] logitRows;
  private final Inputs wide;
  private final Inputs heads;
  private final Inputs inner;
  private final Inputs outputs;

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
    this.kernels = kernels;
    this.team = team;
    this.contextTokens = contextTokens;
    this.maxBatchTokens = maxBatchTokens;
    @SuppressWarnings("MustBeClosedChecker") // closed with the decoder
    Arena arena = Arena.ofShared();
    try {
      weights = new WeightLoader(file, config, packedCache, arena).load(team);
    } catch (RuntimeException | Error e) {
      packedCache.close();
      arena.close();
      throw e;
    }
    cache = new KvCache(config.kvShape(), kvBlocks, kvFormat);
    rope = new RopeTable(config.rope(), weights.ropeDivisors(), contextTokens);
    release =
        () -> {
          packedCache.close();
          arena.close();
          file.close();
        };
    scratch = new KernelScratch[team.workers()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] =
          new KernelScratch(
              maxBatchTokens,
              config.heads() / config.kvHeads(),
              config.keyLength() + config.valueLength());
    }
    int width = config.width();
    int queryLength = config.heads() * config.keyLength();
    int attendedLength = config.heads() * config.valueLength();
    runStarts = new int[maxBatchTokens + 1];
    hidden = new float[maxBatchTokens * width];
    normed = new float[maxBatchTokens * width];
    projected = new float[maxBatchTokens * width];
    queries = new float[maxBatchTokens * queryLength];
    keys = new float[maxBatchTokens * config.kvHeads() * config.keyLength()];
    values = new float[maxBatchTokens * config.kvHeads() * config.valueLength()];
    attended = new float[maxBatchTokens * attendedLength];
    gates = new float[maxBatchTokens * config.feedForwardLength()];
    ups = new float[maxBatchTokens * config.feedForwardLength()];
    logitRows = new float[LOGIT_ROWS * config.vocabularySize()];
    wide = new Inputs(kernels, maxBatchTokens, width, Form.CODES_8);
    heads = new Inputs(kernels, maxBatchTokens, attendedLength, Form.CODES_16);
    inner = new Inputs(kernels, maxBatchTokens, config.feedForwardLength(), Form.CODES_8);
    // The last product's error goes straight into the logits: a fifth of the KL to the ideal
    // (Qwen2.5-Coder-0.5B 0.00044, SmolLM2-135M 0.0036) came from 8-bit codes of its input.
    outputs = new Inputs(kernels, LOGIT_ROWS, width, Form.CODES_16);
  }

  /** Bytes that a file's weights take when loaded. */
  public static long weightBytes(GgufFile file) {
    return WeightLoader.packedBytes(file);
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
    return maxBatchTokens;
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    prepare(batch);
    int tokens = batch.tokens().length;
    perToken(tokens, (token, worker) -> embed(batch.tokens()[token], token));
    for (int i = 0; i < weights.layers().size(); i++) {
      Layer layer = weights.layers().get(i);
      attend(batch, i, layer, tokens);
      feedForward(layer, tokens);
    }
    project(batch.logitRows(), logits);
  }

  private void prepare(Batch batch) {
    int tokens = batch.tokens().length;
    if (tokens < 1 || tokens > maxBatchTokens) {
      throw new IllegalArgumentException(
          tokens + " tokens in a batch for at most " + maxBatchTokens);
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
      rope.prepare(position);
    }
    findRuns(batch);
  }

  private void findRuns(Batch batch) {
    int tokens = batch.tokens().length;
    int wanted = team.workers() * RUNS_PER_WORKER;
    int longest = Math.clamp(tokens * config.kvHeads() / wanted, 1, MAX_RUN_TOKENS);
    runs = 0;
    for (int token = 0; token < tokens; token++) {
      boolean follows =
          token > 0
              && token - runStarts[runs - 1] < longest
              && batch.sequences()[token] == batch.sequences()[token - 1]
              && batch.positions()[token] == batch.positions()[token - 1] + 1;
      if (!follows) {
        runStarts[runs++] = token;
      }
    }
    runStarts[runs] = tokens;
    headParts = headParts(runs * config.kvHeads());
  }

  /**
   * In how many parts the query heads of a key-value head are dealt out: more than one only where
   * workers would stand idle, since each part reads the keys and values anew, at the cost of about
   * one head.
   */
  private int headParts(int items) {
    int group = config.heads() / config.kvHeads();
    int best = 1;
    int leastCost = Integer.MAX_VALUE;
    for (int parts = 1; parts <= group; parts++) {
      int rounds = Math.ceilDiv(items * parts, team.workers());
      int cost = rounds * (Math.ceilDiv(group, parts) + 1);
      if (cost < leastCost) {
        best = parts;
        leastCost = cost;
      }
    }
    return best;
  }

  private void embed(int token, int row) {
    int width = config.width();
    long offset = token * weights.embedding().type().bytes(width);
    Dequantizer.dequantize(
        weights.embedding().type(), weights.embedding().data(), offset, width, hidden, row * width);
  }

  private void attend(Batch batch, int index, Layer layer, int tokens) {
    int width = config.width();
    int queryLength = config.heads() * config.keyLength();
    int keyLength = config.kvHeads() * config.keyLength();
    int valueLength = config.kvHeads() * config.valueLength();
    normalize(layer.attentionNorm(), tokens, wide, layer.query(), layer.key(), layer.value());
    multiply(
        wide,
        new Product(layer.query(), queries, queryLength),
        new Product(layer.key(), keys, keyLength),
        new Product(layer.value(), values, valueLength));
    perToken(tokens, (token, worker) -> rotateAndStore(batch, index, layer, token));
    team.run(
        runs * config.kvHeads() * headParts,
        (item, worker) -> attendRun(batch, index, item, scratch[worker]));
    heads.resize(tokens, layer.attentionOutput());
    perToken(tokens, (token, worker) -> heads.set(attended, token, scratch[worker]));
    multiply(heads, new Product(layer.attentionOutput(), projected, width));
    perToken(
        tokens,
        (token, worker) -> kernels.add(hidden, token * width, projected, token * width, width));
  }

  /** A run of tokens, a key-value head and a part of its query heads. */
  private void attendRun(Batch batch, int index, int item, KernelScratch scratch) {
    int run = item / headParts / config.kvHeads();
    int token = runStarts[run];
    int kvHead = item / headParts % config.kvHeads();
    int part = item % headParts;
    int group = config.heads() / config.kvHeads();
    int firstHead = group * part / headParts;
    int head = token * config.heads() + kvHead * group + firstHead;
    kernels.attention(
        new AttentionRun(
            queries,
            head * config.keyLength(),
            config.heads() * config.keyLength(),
            attended,
            head * config.valueLength(),
            config.heads() * config.valueLength(),
            runStarts[run + 1] - token,
            group * (part + 1) / headParts - firstHead,
            batch.positions()[token] + 1,
            AttentionRun.NO_WINDOW,
            cache,
            batch.blockTables()[batch.sequences()[token]],
            index,
            kvHead,
            (float) (1 / Math.sqrt(config.keyLength()))),
        scratch);
  }

  private void rotateAndStore(Batch batch, int index, Layer layer, int token) {
    int queryLength = config.heads() * config.keyLength();
    int keyLength = config.kvHeads() * config.keyLength();
    int valueLength = config.kvHeads() * config.valueLength();
    if (config.attentionBias()) {
      kernels.add(queries, token * queryLength, layer.queryBias(), 0, queryLength);
      kernels.add(keys, token * keyLength, layer.keyBias(), 0, keyLength);
      kernels.add(values, token * valueLength, layer.valueBias(), 0, valueLength);
    }
    int position = batch.positions()[token];
    int length = config.keyLength();
    rope.rotate(kernels, queries, token * queryLength, config.heads(), length, position);
    rope.rotate(kernels, keys, token * keyLength, config.kvHeads(), length, position);
    int block = batch.blockTables()[batch.sequences()[token]][position / KvCache.BLOCK_TOKENS];
    for (int head = 0; head < config.kvHeads(); head++) {
      cache.write(
          block,
          position % KvCache.BLOCK_TOKENS,
          index,
          head,
          keys,
          token * keyLength + head * config.keyLength(),
          values,
          token * valueLength + head * config.valueLength());
    }
  }

  private void feedForward(Layer layer, int tokens) {
    int width = config.width();
    int length = config.feedForwardLength();
    normalize(layer.feedForwardNorm(), tokens, wide, layer.gate(), layer.up());
    multiply(wide, new Product(layer.gate(), gates, length), new Product(layer.up(), ups, length));
    inner.resize(tokens, layer.down());
    perToken(
        tokens,
        (token, worker) -> {
          kernels.swiglu(gates, token * length, ups, token * length, length, scratch[worker]);
          inner.set(gates, token, scratch[worker]);
        });
    multiply(inner, new Product(layer.down(), projected, width));
    perToken(
        tokens,
        (token, worker) -> kernels.add(hidden, token * width, projected, token * width, width));
  }

  private void normalize(float[] norm, int tokens, Inputs to, PackedMatrix... users) {
    int width = config.width();
    to.resize(tokens, users);
    perToken(
        tokens,
        (token, worker) -> {
          kernels.rmsNorm(
              hidden,
              token * width,
              norm,
              config.rmsEpsilon(),
              normed,
              token * width,
              width,
              scratch[worker]);
          to.set(normed, token, scratch[worker]);
        });
  }

  private void project(int[] rows, float[][] logits) {
    int width = config.width();
    int vocabulary = config.vocabularySize();
    for (int from = 0; from < rows.length; from += LOGIT_ROWS) {
      int first = from;
      int count = Math.min(LOGIT_ROWS, rows.length - from);
      outputs.resize(count, weights.output());
      perToken(
          count,
          (i, worker) -> {
            kernels.rmsNorm(
                hidden,
                rows[first + i] * width,
                weights.outputNorm(),
                config.rmsEpsilon(),
                normed,
                i * width,
                width,
                scratch[worker]);
            outputs.set(normed, i, scratch[worker]);
          });
      multiply(outputs, new Product(weights.output(), logitRows, vocabulary));
      for (int i = 0; i < count; i++) {
        System.arraycopy(logitRows, i * vocabulary, logits[first + i], 0, vocabulary);
      }
    }
  }

  /** A matrix and where its results go, token after token. */
  private record Product(PackedMatrix matrix, float[] out, int stride) {}

  private void multiply(Inputs inputs, Product... products) {
    int tiles = 0;
    for (Product product : products) {
      tiles += product.matrix().tiles();
    }
    int chunk = Math.clamp(tiles / (team.workers() * CHUNKS_PER_WORKER), 1, MAX_CHUNK_TILES);
    int chunks = 0;
    for (Product product : products) {
      chunks += Math.ceilDiv(product.matrix().tiles(), chunk);
    }
    team.run(chunks, (item, worker) -> multiply(inputs, products, chunk, item, worker));
  }

  private void multiply(Inputs inputs, Product[] products, int chunk, int item, int worker) {
    int which = 0;
    int before = 0;
    int chunks = Math.ceilDiv(products[0].matrix().tiles(), chunk);
    while (item >= before + chunks) {
      before += chunks;
      which++;
      chunks = Math.ceilDiv(products[which].matrix().tiles(), chunk);
    }
    Product product = products[which];
    int firstTile = (item - before) * chunk;
    kernels.multiply(
        product.matrix(),
        firstTile,
        Math.min(chunk, product.matrix().tiles() - firstTile),
        inputs.of(product.matrix()),
        product.out(),
        0,
        product.stride(),
        scratch[worker]);
  }

  private void perToken(int tokens, WorkerTeam.Task task) {
    team.run(tokens, task);
  }

  @Override
  public void close() {
    team.close();
    cache.close();
    release.run();
  }
}

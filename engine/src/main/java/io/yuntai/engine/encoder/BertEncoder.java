package io.yuntai.engine.encoder;

import io.yuntai.engine.encoder.EncoderWeights.Layer;
import io.yuntai.engine.encoder.EncoderWeights.Linear;
import io.yuntai.engine.encoder.EncoderWeights.Norm;
import io.yuntai.engine.encoder.Rows.Product;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.EncoderAttention;
import io.yuntai.engine.kernel.EncoderKernels;
import io.yuntai.engine.kernel.EncoderScratch;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * BERT (arXiv 1810.04805): learned positions, attention in both directions, normalisation after
 * each part of a layer, GELU. Sequences of a batch stand one after the other; only attention knows
 * where one ends.
 */
public final class BertEncoder implements Encoder {
  /** What {@code general.architecture} calls it. */
  public static final String ARCHITECTURE = EncoderConfig.BERT;

  /** Queries of one piece of attention's work: keys are rearranged anew for each. */
  private static final int QUERIES_PER_ITEM = 128;

  private final EncoderConfig config;
  private final EncoderWeights weights;
  private final Kernels kernels;
  private final EncoderKernels encoderKernels;
  private final WorkerTeam team;
  private final Runnable release;
  private final int contextTokens;
  private final int maxBatchTokens;
  private final KernelScratch[] scratch;
  private final EncoderScratch[] attentionScratch;
  private final ResultHead head;

  private final int[] tokens;
  private final int[] positions;
  private final int[] segments;
  private final float[] hidden;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float[] attended;
  private final float[] projected;
  private final float[] inner;
  private final Rows wide;
  private final Rows heads;
  private final Rows deep;

  /**
   * Loads the weights of a checked file.
   *
   * @param file closed with the encoder
   * @param contextTokens most tokens of a sequence; lowered to what the model knows
   * @param maxBatchTokens most tokens of a batch; raised to the context
   * @param team workers; closed with the encoder
   * @param packedCache where packed weights are kept; closed with the encoder
   */
  public BertEncoder(
      GgufFile file,
      Kernels kernels,
      WorkerTeam team,
      int contextTokens,
      int maxBatchTokens,
      PackedCache packedCache) {
    this.config = EncoderConfig.of(file);
    this.kernels = kernels;
    this.encoderKernels = EncoderKernels.of(kernels);
    this.team = team;
    this.contextTokens = Math.min(contextTokens, config.contextTokens());
    this.maxBatchTokens = Math.max(maxBatchTokens, this.contextTokens);
    @SuppressWarnings("MustBeClosedChecker") // closed with the encoder
    Arena arena = Arena.ofShared();
    try {
      weights = EncoderWeightLoader.load(file, config, packedCache, arena, team);
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
    int width = config.width();
    int most = this.maxBatchTokens;
    scratch = new KernelScratch[team.workers()];
    attentionScratch = new EncoderScratch[team.workers()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new KernelScratch(most, 1, config.headLength());
      attentionScratch[i] = new EncoderScratch(this.contextTokens, config.headLength());
    }
    head = new ResultHead(config, weights, kernels, team, scratch, most);
    positions = new int[most];
    tokens = new int[most];
    segments = new int[most];
    hidden = new float[most * width];
    queries = new float[most * width];
    keys = new float[most * width];
    values = new float[most * width];
    attended = new float[most * width];
    projected = new float[most * width];
    inner = new float[most * config.feedForwardLength()];
    wide = new Rows(kernels, most, width, Form.CODES_8);
    heads = new Rows(kernels, most, width, Form.CODES_16);
    deep = new Rows(kernels, most, config.feedForwardLength(), Form.CODES_8);
  }

  /** Bytes that a file's weights take when loaded. */
  public static long weightBytes(GgufFile file) {
    return EncoderWeightLoader.packedBytes(file);
  }

  /** What a file's model gives, without loading it. */
  public static EncoderOutput output(GgufFile file) {
    return EncoderConfig.of(file).output();
  }

  @Override
  public EncoderOutput output() {
    return config.output();
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
  public int maxBatchTokens() {
    return maxBatchTokens;
  }

  @Override
  public void encode(List<EncoderInput> sequences, float[][] results) {
    int[] starts = layOut(sequences);
    int count = starts[sequences.size()];
    embed(count);
    for (int i = 0; i < weights.layers().size(); i++) {
      Layer layer = weights.layers().get(i);
      attend(layer, starts, count);
      feedForward(layer, count);
    }
    head.results(hidden, starts, results);
  }

  /** Where each sequence starts in the batch; the last entry is the number of tokens. */
  private int[] layOut(List<EncoderInput> sequences) {
    int[] starts = new int[sequences.size() + 1];
    int at = 0;
    for (int i = 0; i < sequences.size(); i++) {
      EncoderInput input = sequences.get(i);
      int length = input.tokens().length;
      if (length > contextTokens) {
        throw new IllegalArgumentException(
            "a sequence of %d tokens for a context of %d".formatted(length, contextTokens));
      }
      if (at + length > maxBatchTokens) {
        throw new IllegalArgumentException(
            "more tokens in a batch than the %d that fit".formatted(maxBatchTokens));
      }
      for (int position = 0; position < length; position++, at++) {
        int token = input.tokens()[position];
        if (token < 0 || token >= config.vocabularySize()) {
          throw new IllegalArgumentException(
              "token %d is outside the vocabulary of %d".formatted(token, config.vocabularySize()));
        }
        tokens[at] = token;
        positions[at] = position;
        segments[at] = position >= input.secondSegment() ? config.segments() - 1 : 0;
      }
      starts[i + 1] = at;
    }
    return starts;
  }

  private void embed(int count) {
    team.run(
        count,
        (token, worker) -> {
          row(weights.embedding(), tokens[token], hidden, token);
          if (weights.segments() != null) {
            row(weights.segments(), segments[token], projected, token);
            addRow(hidden, projected, token);
          }
          row(weights.positions(), positions[token], projected, token);
          addRow(hidden, projected, token);
          normalize(weights.embeddingNorm(), token);
        });
  }

  private void row(TensorInfo table, int row, float[] to, int token) {
    int width = config.width();
    long offset = row * table.type().bytes(width);
    Dequantizer.dequantize(table.type(), table.data(), offset, width, to, token * width);
  }

  private void attend(Layer layer, int[] starts, int count) {
    int width = config.width();
    wide.resize(count, layer.query(), layer.key(), layer.value());
    team.run(count, (token, worker) -> wide.set(hidden, token, scratch[worker]));
    wide.multiply(
        team,
        scratch,
        new Product(layer.query(), queries, width),
        new Product(layer.key(), keys, width),
        new Product(layer.value(), values, width));
    team.run(
        count,
        (token, worker) -> {
          addBias(layer.query(), queries, token * width);
          addBias(layer.key(), keys, token * width);
          addBias(layer.value(), values, token * width);
        });
    AttentionWork work = AttentionWork.of(starts, QUERIES_PER_ITEM);
    team.run(
        work.pieces() * config.heads(),
        (item, worker) -> attend(work, item, attentionScratch[worker]));
    heads.resize(count, layer.attentionOutput());
    team.run(count, (token, worker) -> heads.set(attended, token, scratch[worker]));
    heads.multiply(team, scratch, new Product(layer.attentionOutput(), projected, width));
    wide.resize(count, layer.up());
    team.run(
        count,
        (token, worker) -> {
          addProjected(layer.attentionOutput(), layer.attentionNorm(), token);
          wide.set(hidden, token, scratch[worker]);
        });
  }

  private void attend(AttentionWork work, int item, EncoderScratch attentionScratch) {
    int piece = item / config.heads();
    encoderKernels.attention(
        new EncoderAttention(
            queries,
            keys,
            values,
            attended,
            config.width(),
            item % config.heads() * config.headLength(),
            config.headLength(),
            work.firstToken(piece),
            work.tokens(piece),
            work.firstQuery(piece),
            work.queryCount(piece),
            (float) (1 / Math.sqrt(config.headLength()))),
        attentionScratch);
  }

  private void feedForward(Layer layer, int count) {
    int width = config.width();
    int length = config.feedForwardLength();
    wide.multiply(team, scratch, new Product(layer.up(), inner, length));
    deep.resize(count, layer.down());
    team.run(
        count,
        (token, worker) -> {
          addBias(layer.up(), inner, token * length);
          encoderKernels.gelu(inner, token * length, length);
          deep.set(inner, token, scratch[worker]);
        });
    deep.multiply(team, scratch, new Product(layer.down(), projected, width));
    team.run(count, (token, worker) -> addProjected(layer.down(), layer.outputNorm(), token));
  }

  /** The end of each half of a layer: {@code hidden = norm(hidden + (projected + bias))}. */
  private void addProjected(Linear linear, Norm norm, int token) {
    addBias(linear, projected, token * config.width());
    addRow(hidden, projected, token);
    normalize(norm, token);
  }

  private void addBias(Linear linear, float[] rows, int offset) {
    kernels.add(rows, offset, linear.bias(), 0, linear.bias().length);
  }

  private void addRow(float[] to, float[] from, int token) {
    int width = config.width();
    kernels.add(to, token * width, from, token * width, width);
  }

  private void normalize(Norm norm, int token) {
    int width = config.width();
    encoderKernels.layerNorm(
        hidden, token * width, norm.weight(), norm.bias(), config.epsilon(), width);
  }

  @Override
  public void close() {
    team.close();
    release.run();
  }
}

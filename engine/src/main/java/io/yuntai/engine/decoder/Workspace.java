package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.ModelConfig.Activation;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;

/**
 * What the parts of a decoder share: workers, kernels, and the rows of the batch on their way
 * through the layers.
 *
 * <p>Each half of a layer reads {@link #hidden} through {@link #normalize}, leaves its result in
 * {@link #projected}, and {@link #addProjected} brings it back; {@link #addProduct} does both where
 * the result is one product's. Nothing that is computed depends on how the work is shared out.
 */
final class Workspace {
  final Kernels kernels;
  final WorkerTeam team;

  /** One for each worker. */
  final KernelScratch[] scratch;

  final int maxTokens;

  /** The residual stream: one row for each token. */
  final float[] hidden;

  /** The rows as they were normalised last. */
  final float[] normed;

  /** The same as inputs of products. */
  final Inputs inputs;

  /** What half a layer adds to the residual stream. */
  final float[] projected;

  /** What adapters add to products. */
  final LoraTerms adapters;

  /** Products that are about to be taken. */
  final Products products;

  private final ModelConfig config;
  private int tokens;

  /** What {@link #normalize} and {@link #addProjected} multiply with. */
  private float[] norm = {};

  // One object each, since a step runs hundreds.
  private final WorkerTeam.Task normalizeToken = this::normalizeToken;
  private final WorkerTeam.Task addToken = this::addToken;
  private final Products.RowTask addRows = this::addRows;

  Workspace(ModelConfig config, Kernels kernels, WorkerTeam team, int maxTokens) {
    this.config = config;
    this.kernels = kernels;
    this.team = team;
    this.maxTokens = maxTokens;
    AttentionShape attention = config.attention();
    scratch = new KernelScratch[team.workers()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] =
          new KernelScratch(
              maxTokens,
              attention.heads() / attention.kvHeads(),
              attention.keyLength() + attention.valueLength());
    }
    int width = config.width();
    hidden = new float[maxTokens * width];
    normed = new float[maxTokens * width];
    projected = new float[maxTokens * width];
    inputs = new Inputs(kernels, maxTokens, width, Form.CODES_8);
    adapters = new LoraTerms(kernels, team, scratch, maxTokens);
    products = new Products(kernels, team, scratch, adapters);
  }

  /** Begins a batch. */
  void begin(int batchTokens) {
    tokens = batchTokens;
  }

  /** Tokens of the batch. */
  int tokens() {
    return tokens;
  }

  int width() {
    return config.width();
  }

  float rmsEpsilon() {
    return config.rmsEpsilon();
  }

  /** Runs a task for each token of the batch. */
  void perToken(WorkerTeam.Task task) {
    team.run(tokens, task);
  }

  /** Normalises the residual stream, as {@link #inputs}, which have begun. */
  void normalize(float[] weight) {
    norm = weight;
    perToken(normalizeToken);
  }

  private void normalizeToken(int token, int worker) {
    int width = config.width();
    int row = token * width;
    kernels.rmsNorm(hidden, row, norm, rmsEpsilon(), normed, row, width, scratch[worker]);
    inputs.set(normed, token, scratch[worker]);
  }

  /**
   * Adds what half a layer gave to the residual stream.
   *
   * @param weight of the norm of what is added; empty for none
   */
  void addProjected(float[] weight) {
    norm = weight;
    perToken(addToken);
  }

  private void addToken(int token, int worker) {
    int width = config.width();
    int row = token * width;
    if (norm.length > 0) {
      kernels.rmsNorm(projected, row, norm, rmsEpsilon(), projected, row, width, scratch[worker]);
    }
    kernels.add(hidden, row, projected, row, width);
  }

  /**
   * Takes the product that half a layer ends with and adds it to the residual stream.
   *
   * @param target what adapters know the matrix as
   * @param weight of the norm of what is added; empty for none
   */
  void addProduct(PackedMatrix matrix, Inputs from, LoraTarget target, float[] weight) {
    if (weight.length > 0) {
      products.add(matrix, from, projected).with(target).run();
      addProjected(weight);
    } else {
      products.add(matrix, from).with(target).run(addRows);
    }
  }

  private void addRows(int first, int rows, float[][] results, int stride, int worker) {
    kernels.addRows(hidden, first, width(), results[0], 0, stride, tokens, rows);
  }

  /** Applies the activation to gates and multiplies them with ups. */
  void gate(float[] gates, int gateOffset, float[] ups, int upOffset, int length, int worker) {
    if (config.activation() == Activation.GELU) {
      kernels.geglu(gates, gateOffset, ups, upOffset, length, scratch[worker]);
    } else {
      kernels.swiglu(gates, gateOffset, ups, upOffset, length, scratch[worker]);
    }
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardWeights.Gated;
import io.yuntai.engine.kernel.Activations.Form;

/** One gated network for all tokens. */
final class DenseFeedForward {
  private final Workspace work;
  private final int length;
  private final float[] gates;
  private final float[] ups;
  private final Inputs inner;

  /**
   * @param length its inner length
   */
  DenseFeedForward(Workspace work, int length) {
    this.work = work;
    this.length = length;
    gates = new float[work.maxTokens * length];
    ups = new float[work.maxTokens * length];
    inner = new Inputs(work.kernels, work.maxTokens, length, Form.CODES_8);
  }

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(float[] norm, Gated weights, float[] outputNorm) {
    work.normalize(norm, weights.gate(), weights.up());
    resize(weights);
    addEntry(weights);
    work.products.run(this::gateRows);
    work.addProduct(weights.down(), inner, outputNorm);
  }

  /** {@link #gate} for some rows of all tokens. */
  private void gateRows(int first, int rows, int worker) {
    for (int token = 0; token < work.tokens(); token++) {
      int at = token * length + first;
      work.gate(gates, at, ups, at, rows, worker);
      inner.set(gates, at, token, first, rows, work.scratch[worker]);
    }
  }

  /** Prepares the products of normalised rows. */
  void addEntry(Gated weights) {
    work.products.add(weights.gate(), work.inputs, gates).add(weights.up(), work.inputs, ups);
  }

  /** Makes room for what {@link #gate} gives. */
  void resize(Gated weights) {
    inner.resize(work.tokens(), weights.down());
  }

  /** Turns one token's products into inputs of the last one. */
  void gate(int token, int worker) {
    work.gate(gates, token * length, ups, token * length, length, worker);
    inner.set(gates, token, work.scratch[worker]);
  }

  /** Prepares the last product. */
  void addExit(Gated weights, float[] out) {
    work.products.add(weights.down(), inner, out);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardWeights.Gated;
import io.yuntai.engine.kernel.Activations.Form;

/**
 * The gated network that all tokens of a mixture go through, step by step, so that its products are
 * taken with those of the experts.
 */
final class SharedNetwork {
  private final Workspace work;
  private final int length;
  private final float[] gates;
  private final float[] ups;
  private final Inputs inner;

  /**
   * @param length its inner length
   */
  SharedNetwork(Workspace work, int length) {
    this.work = work;
    this.length = length;
    gates = new float[work.maxTokens * length];
    ups = new float[work.maxTokens * length];
    inner = new Inputs(work.kernels, work.maxTokens, length, Form.CODES_8);
  }

  /** Prepares the products of normalised rows, and what {@link #gate} gives. */
  void addEntry(Gated weights) {
    work.products.add(weights.gate(), work.inputs, gates).add(weights.up(), work.inputs, ups);
    inner.begin(work.tokens()).into(weights.down());
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

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

  /** Leaves the result in the workspace's projected rows. */
  void run(float[] norm, Gated weights) {
    work.normalize(norm, weights.gate(), weights.up());
    addEntry(weights);
    work.products.run();
    inner.resize(work.tokens(), weights.down());
    work.perToken(this::gate);
    addExit(weights, work.projected);
    work.products.run();
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

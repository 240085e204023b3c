package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardWeights.Gated;
import io.yuntai.engine.kernel.Activations.Form;

/** One gated network for all tokens. */
final class DenseFeedForward {
  private final Workspace work;
  private final int length;
  private final Inputs inner;

  /** What the gates let through, kept where an adapter reads it. */
  private float[] kept = {};

  private boolean keeps;
  private final Products.RowTask gateRows = this::gateRows;

  /**
   * @param length its inner length
   */
  DenseFeedForward(Workspace work, int length) {
    this.work = work;
    this.length = length;
    inner = new Inputs(work.kernels, work.maxTokens, length, Form.CODES_8);
  }

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(float[] norm, Gated weights, float[] outputNorm) {
    work.inputs.begin(work.tokens()).into(weights.gate()).into(weights.up());
    work.normalize(norm);
    inner.begin(work.tokens()).into(weights.down());
    work.adapters.compress(LoraInput.FEED_FORWARD, work.normed, work.width(), work.products);
    keeps = work.adapters.isRead(LoraInput.INNER);
    if (keeps && kept.length == 0) {
      kept = new float[work.maxTokens * length];
    }
    work.products
        .add(weights.gate(), work.inputs)
        .with(LoraTarget.GATE)
        .add(weights.up(), work.inputs)
        .with(LoraTarget.UP)
        .run(gateRows);
    work.adapters.compress(LoraInput.INNER, kept, length, work.products);
    work.addProduct(weights.down(), inner, LoraTarget.DOWN, outputNorm);
  }

  /** Turns some rows of gates and ups into inputs of the last product. */
  private void gateRows(int first, int rows, float[][] results, int stride, int worker) {
    work.gate(results[0], 0, results[1], 0, work.tokens() * stride, worker);
    inner.setRows(results[0], 0, stride, first, rows, work.scratch[worker]);
    for (int token = 0; keeps && token < work.tokens(); token++) {
      System.arraycopy(results[0], token * stride, kept, token * length + first, rows);
    }
  }
}

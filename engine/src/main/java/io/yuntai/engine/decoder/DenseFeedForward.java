package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardWeights.Gated;
import io.yuntai.engine.kernel.Activations.Form;

/** One gated network for all tokens. */
final class DenseFeedForward {
  private final Workspace work;
  private final Inputs inner;
  private final Products.RowTask gateRows = this::gateRows;

  /**
   * @param length its inner length
   */
  DenseFeedForward(Workspace work, int length) {
    this.work = work;
    inner = new Inputs(work.kernels, work.maxTokens, length, Form.CODES_8);
  }

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(float[] norm, Gated weights, float[] outputNorm) {
    work.inputs.begin(work.tokens()).into(weights.gate()).into(weights.up());
    work.normalize(norm);
    inner.begin(work.tokens()).into(weights.down());
    work.products.add(weights.gate(), work.inputs).add(weights.up(), work.inputs).run(gateRows);
    work.addProduct(weights.down(), inner, outputNorm);
  }

  /** Turns some rows of gates and ups into inputs of the last product. */
  private void gateRows(int first, int rows, float[][] results, int stride, int worker) {
    work.gate(results[0], 0, results[1], 0, work.tokens() * stride, worker);
    inner.setRows(results[0], 0, stride, first, rows, work.scratch[worker]);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardShape.Dense;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feed-forward network's weights in one layer. */
sealed interface FeedForwardWeights {
  /** One gated network: a dense layer's, or one expert. */
  record Gated(PackedMatrix gate, PackedMatrix up, PackedMatrix down)
      implements FeedForwardWeights {}

  /**
   * A mixture of experts.
   *
   * @param router makes a logit for each expert
   * @param routerBias added to scores for choosing; empty for none
   * @param experts in the file's order
   * @param shared what all tokens go through; null for none
   * @param sharedGate makes the logit of its gate; empty for none
   */
  record Experts(
      PackedMatrix router,
      float[] routerBias,
      List<Gated> experts,
      @Nullable Gated shared,
      float[] sharedGate)
      implements FeedForwardWeights {}

  static FeedForwardWeights load(
      TensorLoader tensors, String prefix, FeedForwardShape shape, int width) {
    return switch (shape) {
      case Dense dense -> dense(tensors, prefix, dense, width);
      case Mixture mixture -> experts(tensors, prefix, mixture, width);
    };
  }

  private static Gated dense(TensorLoader tensors, String prefix, Dense shape, int width) {
    int length = shape.length();
    if (!shape.fused()) {
      return gated(tensors, prefix, "", width, length);
    }
    TensorInfo both = tensors.tensor(prefix + "ffn_up.weight", width, 2L * length);
    return new Gated(
        tensors.place(both.slice("gate", 0, length)),
        tensors.place(both.slice("up", length, length)),
        tensors.matrix(prefix + "ffn_down.weight", length, width));
  }

  private static Gated gated(
      TensorLoader tensors, String prefix, String suffix, int width, int length) {
    return new Gated(
        tensors.matrix(prefix + "ffn_gate" + suffix + ".weight", width, length),
        tensors.matrix(prefix + "ffn_up" + suffix + ".weight", width, length),
        tensors.matrix(prefix + "ffn_down" + suffix + ".weight", length, width));
  }

  private static Experts experts(TensorLoader tensors, String prefix, Mixture shape, int width) {
    int count = shape.routing().experts();
    int length = shape.length();
    PackedMatrix router = tensors.matrix(prefix + "ffn_gate_inp.weight", width, count);
    float[] none = {};
    float[] bias =
        shape.routing().biased() ? tensors.vector(prefix + "exp_probs_b.bias", count) : none;
    List<PackedMatrix> gates =
        tensors.matrices(prefix + "ffn_gate_exps.weight", width, length, count);
    List<PackedMatrix> ups = tensors.matrices(prefix + "ffn_up_exps.weight", width, length, count);
    List<PackedMatrix> downs =
        tensors.matrices(prefix + "ffn_down_exps.weight", length, width, count);
    List<Gated> experts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      experts.add(new Gated(gates.get(i), ups.get(i), downs.get(i)));
    }
    return new Experts(
        router,
        bias,
        experts,
        shape.sharedLength() > 0
            ? gated(tensors, prefix, "_shexp", width, shape.sharedLength())
            : null,
        shape.sharedGate() ? tensors.vector(prefix + "ffn_gate_inp_shexp.weight", width) : none);
  }
}

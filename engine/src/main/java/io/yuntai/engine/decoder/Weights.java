package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder's weights.
 *
 * @param embedding the token embedding as it stands in the file
 * @param layers the layers
 * @param outputNorm weights of the last normalisation
 * @param outputs what the normalised states are multiplied with, one after the other; none where
 *     they are the results
 */
record Weights(
    TensorInfo embedding, List<Layer> layers, float[] outputNorm, List<PackedMatrix> outputs) {
  private static final float[] NONE = {};

  /**
   * One layer.
   *
   * @param attentionNorm of what attention reads
   * @param attentionOutputNorm of what it gives; empty for none
   * @param feedForwardNorm of what the feed-forward network reads
   * @param feedForwardOutputNorm of what it gives; empty for none
   */
  record Layer(
      float[] attentionNorm,
      AttentionWeights attention,
      float[] attentionOutputNorm,
      float[] feedForwardNorm,
      FeedForwardWeights feedForward,
      float[] feedForwardOutputNorm) {}

  static Weights load(TensorLoader tensors, ModelConfig config) {
    int width = config.width();
    TensorInfo embedding = tensors.tensor("token_embd.weight", width, config.vocabularySize());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers().size(); i++) {
      layers.add(layer(tensors, config, i));
    }
    return new Weights(
        embedding, layers, tensors.vector("output_norm.weight", width), outputs(tensors, config));
  }

  private static List<PackedMatrix> outputs(TensorLoader tensors, ModelConfig config) {
    int width = config.width();
    return switch (config.head()) {
      case OutputHead.Logits _ ->
          List.of(tensors.matrix(outputName(tensors), width, config.vocabularySize()));
      case OutputHead.State _ -> List.of();
      case OutputHead.Rows few -> {
        TensorInfo all = tensors.rowsOf(few.tensor(), width);
        yield few.rows().stream()
            .map(row -> tensors.place(all.slice(String.valueOf(row), row, 1)))
            .toList();
      }
    };
  }

  /** The output projection; the embedding's own where the file ties them. */
  private static String outputName(TensorLoader tensors) {
    return tensors.has("output.weight") ? "output.weight" : "token_embd.weight";
  }

  private static Layer layer(TensorLoader tensors, ModelConfig config, int index) {
    String prefix = "blk." + index + ".";
    int width = config.width();
    return new Layer(
        tensors.vector(prefix + "attn_norm.weight", width),
        AttentionWeights.load(tensors, prefix, config.attention(), width),
        config.outputNorms() ? tensors.vector(prefix + "post_attention_norm.weight", width) : NONE,
        tensors.vector(prefix + "ffn_norm.weight", width),
        FeedForwardWeights.load(tensors, prefix, config.layers().get(index).feedForward(), width),
        config.outputNorms() ? tensors.vector(prefix + "post_ffw_norm.weight", width) : NONE);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.AttentionRun;
import io.yuntai.engine.kernel.KvShape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a decoder, as an {@link Architecture} reads it from a file's metadata.
 *
 * @param architecture its name in {@code general.architecture}
 * @param width embedding length
 * @param contextTokens the context the model was trained for
 * @param vocabularySize number of token ids
 * @param rmsEpsilon added to the mean square in normalisations
 * @param embeddingScale what embeddings are multiplied with; 1 for none
 * @param outputNorms whether what attention and feed-forward give is normalised before it is added
 *     to the residual stream
 * @param activation of the gates of feed-forward networks
 * @param attention the same in all layers
 * @param layers what may differ between layers, at least one
 * @param head what becomes of the last layer's states
 */
public record ModelConfig(
    String architecture,
    int width,
    int contextTokens,
    int vocabularySize,
    float rmsEpsilon,
    float embeddingScale,
    boolean outputNorms,
    Activation activation,
    AttentionShape attention,
    List<Layer> layers,
    OutputHead head) {
  /** Of the gates of feed-forward networks. */
  public enum Activation {
    /** x times the logistic function of x. */
    SILU,
    /** The Gaussian error linear unit in its approximation by a hyperbolic tangent. */
    GELU
  }

  /**
   * What may differ between layers.
   *
   * @param rope how positions are encoded
   * @param window most positions that a token sees, its own being the last; {@link
   *     io.yuntai.engine.kernel.AttentionRun#NO_WINDOW} for all
   * @param feedForward what is done with each token by itself
   */
  public record Layer(Rope rope, int window, FeedForwardShape feedForward) {}

  /** The same with another head. */
  public ModelConfig withHead(OutputHead other) {
    return new ModelConfig(
        architecture,
        width,
        contextTokens,
        vocabularySize,
        rmsEpsilon,
        embeddingScale,
        outputNorms,
        activation,
        attention,
        layers,
        other);
  }

  /** Elements of a row of results. */
  public int outputs() {
    return switch (head) {
      case OutputHead.Logits _ -> vocabularySize;
      case OutputHead.State _ -> width;
      case OutputHead.Rows few -> few.rows().size();
    };
  }

  /** Whether a layer has a window. */
  public boolean hasWindow(int layer) {
    return layers.get(layer).window() != AttentionRun.NO_WINDOW;
  }

  /** Number of layers with a window. */
  public int windowLayers() {
    return (int) IntStream.range(0, layers.size()).filter(this::hasWindow).count();
  }

  /**
   * Most positions that layers with a window see; 0 where there are none, or none without, so that
   * the cache needs no two parts.
   */
  public int windowTokens() {
    int windowed = windowLayers();
    return windowed == 0 || windowed == layers.size()
        ? 0
        : IntStream.range(0, layers.size())
            .filter(this::hasWindow)
            .map(layer -> layers.get(layer).window())
            .max()
            .orElseThrow();
  }

  /** What the KV cache holds of each position. */
  public KvShape kvShape() {
    return kvShape(layers.size());
  }

  /** What it holds for so many of the layers. */
  public KvShape kvShape(int ofLayers) {
    return new KvShape(
        ofLayers,
        attention.kvHeads(),
        attention.keyLength(),
        attention.valueLength(),
        attention.valueInKey());
  }
}

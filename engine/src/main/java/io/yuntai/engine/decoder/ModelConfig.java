package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.KvShape;

/**
 * The shape of a decoder, as an {@link Architecture} reads it from a file's metadata.
 *
 * @param architecture its name in {@code general.architecture}
 * @param layers number of layers
 * @param width embedding length
 * @param heads query heads of a layer
 * @param kvHeads key-value heads of a layer; divides {@code heads}
 * @param keyLength elements of one query or key
 * @param valueLength elements of one value
 * @param feedForwardLength inner length of the feed-forward network
 * @param contextTokens the context the model was trained for
 * @param vocabularySize number of token ids
 * @param rmsEpsilon added to the mean square in normalisations
 * @param rope how positions are encoded
 * @param attentionBias whether queries, keys and values have biases
 */
public record ModelConfig(
    String architecture,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int keyLength,
    int valueLength,
    int feedForwardLength,
    int contextTokens,
    int vocabularySize,
    float rmsEpsilon,
    Rope rope,
    boolean attentionBias) {
  /** What the KV cache holds of each position. */
  public KvShape kvShape() {
    return new KvShape(layers, kvHeads, keyLength, valueLength);
  }

  /**
   * Rotary position embedding.
   *
   * @param pairing which elements are rotated together
   * @param base frequency base
   * @param dimensions elements of a head that are rotated, even; the rest stays as it is
   * @param scale factor of every frequency; 1 for none (linear scaling by f has 1/f)
   */
  public record Rope(Pairing pairing, double base, int dimensions, double scale) {
    /** Which elements form a pair. */
    public enum Pairing {
      /** 2i and 2i + 1. */
      ADJACENT,
      /** i and i + dimensions / 2. */
      HALVES
    }
  }
}

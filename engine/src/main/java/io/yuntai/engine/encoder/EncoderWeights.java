package io.yuntai.engine.encoder;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoder's weights.
 *
 * @param embedding a row for each token, as it stands in the file
 * @param positions a row for each position, likewise
 * @param segments a row for each of the texts that are told apart; null where they are not
 * @param embeddingNorm normalises the sum of the three
 * @param layers the layers
 * @param head what makes a score of a vector; null in a model for vectors
 */
record EncoderWeights(
    TensorInfo embedding,
    TensorInfo positions,
    @Nullable TensorInfo segments,
    Norm embeddingNorm,
    List<Layer> layers,
    @Nullable RankHead head) {
  /** Scale and shift after a normalisation. */
  record Norm(float[] weight, float[] bias) {}

  /**
   * {@code W x + b}.
   *
   * @param bias empty where there is none
   */
  record Linear(PackedMatrix matrix, float[] bias) {}

  /** One layer; normalisations follow what they normalise. */
  record Layer(
      Linear query,
      Linear key,
      Linear value,
      Linear attentionOutput,
      Norm attentionNorm,
      Linear up,
      Linear down,
      Norm outputNorm) {}

  /**
   * Classifier of pairs.
   *
   * @param pooler a product followed by tanh; null where the file has none
   * @param score one row
   */
  record RankHead(@Nullable Linear pooler, Linear score) {}
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.List;

/**
 * A decoder's weights.
 *
 * @param embedding the token embedding as it stands in the file
 * @param layers the layers
 * @param outputNorm weights of the last normalisation
 * @param output the output projection; the embedding's own where the file ties them
 * @param ropeDivisors divisors of the rotary frequencies, empty for none
 */
record Weights(
    TensorInfo embedding,
    List<Layer> layers,
    float[] outputNorm,
    PackedMatrix output,
    float[] ropeDivisors) {
  /** One layer. Biases are empty where there are none. */
  record Layer(
      float[] attentionNorm,
      PackedMatrix query,
      PackedMatrix key,
      PackedMatrix value,
      float[] queryBias,
      float[] keyBias,
      float[] valueBias,
      PackedMatrix attentionOutput,
      float[] feedForwardNorm,
      PackedMatrix gate,
      PackedMatrix up,
      PackedMatrix down) {}
}

package io.yuntai.dialect;

import java.util.List;

/**
 * Vectors.
 *
 * @param model the model's name as the client wrote it
 * @param vectors one for each text, in their order; each of the same length
 * @param base64 whether they are sent as bytes
 * @param usage tokens of all texts
 */
public record EmbeddingAnswer(String model, List<float[]> vectors, boolean base64, Usage usage)
    implements EncoderAnswer {
  /** Copies what could change. */
  public EmbeddingAnswer {
    vectors = List.copyOf(vectors);
  }
}

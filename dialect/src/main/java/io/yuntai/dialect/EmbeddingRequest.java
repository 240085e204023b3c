package io.yuntai.dialect;

import java.util.List;
import java.util.OptionalInt;

/**
 * Texts whose vectors are wanted.
 *
 * @param model the model's name
 * @param inputs at least one
 * @param isList whether the client sent several, or one by itself; for the names of fields in
 *     refusals
 * @param dimensions how many elements a vector is to have; empty for all
 * @param base64 whether vectors are to be sent as bytes
 * @param truncation what to do with a text that is too long
 * @param role what the texts are embedded for
 */
public record EmbeddingRequest(
    String model,
    List<Prompt> inputs,
    boolean isList,
    OptionalInt dimensions,
    boolean base64,
    Truncation truncation,
    InputRole role)
    implements EncoderRequest {
  @Override
  public EmbeddingRequest withModel(String name) {
    return new EmbeddingRequest(name, inputs, isList, dimensions, base64, truncation, role);
  }

  /** Copies what could change. */
  public EmbeddingRequest {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("there is at least one text");
    }
  }
}

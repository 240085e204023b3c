package io.yuntai.server.gateway;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderTexts;
import io.yuntai.engine.ModelKind;
import io.yuntai.engine.encoder.EncoderOutput;

/**
 * A model for vectors or scores.
 *
 * @param name what requests call it, such as {@code all-minilm:l6-v2}
 * @param createdEpochSeconds when its file was made or pulled, for lists
 * @param owner who made the weights, for lists
 * @param texts turns requests into its sequences
 * @param engine where it runs
 * @param kernel what its numbers are computed with, such as {@code amx-int8}
 */
public record HostedEncoder(
    String name,
    long createdEpochSeconds,
    String owner,
    EncoderTexts texts,
    EncoderEngine engine,
    String kernel) {
  /** A name is what clients type: not blank, at most 256 characters. */
  public HostedEncoder {
    if (name.isBlank() || name.length() > 256) {
      throw new IllegalArgumentException("a model's name has 1 to 256 characters");
    }
  }

  /** What it is for. */
  public ModelKind kind() {
    return switch (engine.output()) {
      case EncoderOutput.Vector _ -> ModelKind.EMBEDDING;
      case EncoderOutput.Score _ -> ModelKind.RERANK;
    };
  }
}

package io.yuntai.engine.checkpoint;

import java.util.List;

/**
 * A family of published models: its settings as GGUF's keys. What this engine's architecture of
 * that name would compute otherwise is refused.
 */
interface Family {
  /** What {@code model_type} is in {@code config.json}. */
  List<String> modelTypes();

  /** {@code general.architecture}. */
  String architecture();

  /** Writes the keys {@code {architecture}.*}, and tensors that are made of settings. */
  void describe(Fields config, Description into);

  /** Whether queries, keys and values have biases. */
  default boolean hasBiases() {
    return false;
  }

  /** Whether norms are published as their difference to one. */
  default boolean hasNormsAroundZero() {
    return false;
  }

  /** Whether the output takes the embeddings' matrix where the settings don't say. */
  default boolean isTiedByDefault() {
    return false;
  }
}

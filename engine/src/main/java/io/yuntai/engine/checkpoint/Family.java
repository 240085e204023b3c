package io.yuntai.engine.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Those that are converted here. */
  List<Family> ALL =
      List.of(
          new LlamaFamily(),
          new Qwen2Family(),
          new Qwen2MoeFamily(),
          new Qwen3Family(),
          new Qwen3MoeFamily(),
          new DeepSeek2Family(),
          new Gemma3Family(),
          new Phi3Family());

  /** The family of a {@code model_type}. */
  static Optional<Family> of(String modelType) {
    return ALL.stream().filter(family -> family.modelTypes().contains(modelType)).findFirst();
  }

  /** All known types of models, for messages. */
  static String all() {
    return Stream.concat(ALL.stream().flatMap(family -> family.modelTypes().stream()), Stream.of("bert"))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

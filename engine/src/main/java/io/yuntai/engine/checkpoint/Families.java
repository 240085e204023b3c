package io.yuntai.engine.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The families that are converted, by their types of models. */
final class Families {
  /** Those that are converted here. */
  private static final List<Family> ALL =
      List.of(
          new LlamaFamily(),
          new Qwen2Family(),
          new Qwen2MoeFamily(),
          new Qwen3Family(),
          new Qwen3MoeFamily(),
          new DeepSeek2Family(),
          new Gemma3Family(),
          new Phi3Family());

  private Families() {}

  /** The family of a {@code model_type}. */
  static Optional<Family> of(String modelType) {
    return ALL.stream().filter(family -> family.modelTypes().contains(modelType)).findFirst();
  }

  /** All known types of models, for messages. */
  static String all() {
    return Stream.concat(
            ALL.stream().flatMap(family -> family.modelTypes().stream()), Stream.of("bert"))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

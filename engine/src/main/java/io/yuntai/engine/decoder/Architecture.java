package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import java.util.List;
import java.util.stream.Collectors;

/** A family of models: how its files name their shape. One small class each. */
public interface Architecture {
  /** The family's name in {@code general.architecture}. */
  String name();

  /**
   * Reads the shape.
   *
   * @throws ModelFormatException where the metadata lacks something or is out of range
   */
  ModelConfig configure(GgufFile file);

  /** Those that this engine runs. */
  List<Architecture> ALL =
      List.of(
          new DeepSeek2(),
          new Gemma3(),
          new Llama(),
          new Phi3(),
          new Qwen2(),
          new Qwen2Moe(),
          new Qwen3(),
          new Qwen3Moe());

  /**
   * The architecture of a file.
   *
   * @throws ModelFormatException for one that is not here, by name
   */
  static Architecture of(GgufFile file) {
    String name = file.metadata().string("general.architecture");
    return ALL.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ModelFormatException(
                "%s: architecture '%s' is not supported; this engine runs %s"
                    .formatted(
                        file.name(),
                        name,
                        ALL.stream().map(Architecture::name).collect(Collectors.joining(", ")))));
  }
}

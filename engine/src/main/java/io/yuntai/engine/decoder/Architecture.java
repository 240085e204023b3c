package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import java.util.List;
import java.util.Set;
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
   * Those of Qwen with layers that keep a state in place of keys and values: what they need is in
   * docs/decisions/024-recurrent-layers.md.
   */
  Set<String> RECURRENT = Set.of("qwen3next", "qwen35", "qwen35moe");

  /**
   * The architecture of a file.
   *
   * @throws ModelFormatException for one that is not here, by name
   */
  static Architecture of(GgufFile file) {
    String name = file.metadata().string("general.architecture");
    if (RECURRENT.contains(name)) {
      throw new ModelFormatException(
          "%s: three layers of four of architecture '%s' are gated delta nets, which keep one state for all positions in place of keys and values; this engine has no such layers yet, but runs qwen3 and qwen3moe"
              .formatted(file.name(), name));
    }
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

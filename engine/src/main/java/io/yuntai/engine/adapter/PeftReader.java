package io.yuntai.engine.adapter;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile.Convention;
import io.yuntai.engine.adapter.AdapterFile.Delta;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Adapters as the peft library saves them: {@code adapter_config.json}, and {@code
 * adapter_model.safetensors} with tensors such as {@code
 * base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight}.
 */
final class PeftReader {
  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";

  /** The name of the adapter within the library stands in some files. */
  private static final Pattern PART =
      Pattern.compile("(?:base_model\\.model\\.)?(.+)\\.lora_([AB])(?:\\.default)?\\.weight");

  private final String name;
  private final PeftConfig config;
  private final SafetensorsFile weights;

  private PeftReader(String name, PeftConfig config, SafetensorsFile weights) {
    this.name = name;
    this.config = config;
    this.weights = weights;
  }

  static AdapterFile open(Path folder) throws IOException {
    String name = String.valueOf(folder.getFileName());
    for (String needed : new String[] {CONFIG, WEIGHTS}) {
      if (!Files.isRegularFile(folder.resolve(needed))) {
        throw new ModelFormatException(
            "%s: has no file %s; an adapter's folder holds %s and %s"
                .formatted(name, needed, CONFIG, WEIGHTS));
      }
    }
    PeftConfig config = PeftConfig.read(folder.resolve(CONFIG), name);
    SafetensorsFile weights = SafetensorsFile.open(folder.resolve(WEIGHTS));
    try {
      return new PeftReader(name, config, weights).read();
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private AdapterFile read() {
    weights.unread().stream()
        .findFirst()
        .ifPresent(tensor -> {
          throw refuse("tensor %s is not of type F32, F16 or BF16".formatted(tensor));
        });
    List<Delta> deltas = new ArrayList<>();
    for (Map.Entry<String, TensorInfo> entry : weights.tensors().entrySet()) {
      Matcher part = PART.matcher(entry.getKey());
      if (!part.matches()) {
        throw refuse("tensor %s: %s".formatted(entry.getKey(), reason(entry.getKey())));
      }
      boolean down = part.group(2).equals("A");
      TensorInfo other = partner(entry.getKey(), part, down ? "B" : "A");
      if (down) {
        deltas.add(delta(part.group(1), entry.getValue(), other));
      }
    }
    if (deltas.isEmpty()) {
      throw refuse("has no tensors");
    }
    return new AdapterFile(name, Optional.empty(), Convention.CHECKPOINT, deltas, weights);
  }

  private TensorInfo partner(String tensor, Matcher part, String letter) {
    int at = part.start(2);
    String other = tensor.substring(0, at) + letter + tensor.substring(at + 1);
    return weights
        .find(other)
        .orElseThrow(() -> refuse("tensor %s has no %s".formatted(tensor, other)));
  }

  private Delta delta(String module, TensorInfo down, TensorInfo up) {
    float scale = config.scale(module, down.rows());
    return new Delta(module, down, up, scale).check(name);
  }

  private static String reason(String tensor) {
    return Stream.of(
            Map.entry("lora_embedding_", "adapters of embeddings are not supported"),
            Map.entry("lora_magnitude_vector", "DoRA is not supported"),
            Map.entry("modules_to_save", "whole modules in an adapter are not supported"),
            Map.entry(".bias", "biases in an adapter are not supported"))
        .filter(known -> tensor.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("is no part of a low-rank adapter (lora_A.weight, lora_B.weight)");
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(name + ": " + sentence);
  }
}

package io.yuntai.engine.adapter;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile.Convention;
import io.yuntai.engine.adapter.AdapterFile.Delta;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adapters in GGUF: {@code general.type} is {@code adapter}, {@code adapter.type} is {@code lora},
 * and tensors are called after those of the model with {@code .lora_a} and {@code .lora_b} behind.
 * Source of the format: llama.cpp's converter of adapters.
 */
final class GgufAdapterReader {
  private static final String DOWN = ".weight.lora_a";
  private static final String UP = ".weight.lora_b";
  private static final String ALPHA = "adapter.lora.alpha";

  private final GgufFile file;

  private GgufAdapterReader(GgufFile file) {
    this.file = file;
  }

  static AdapterFile open(Path path) throws IOException {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufAdapterReader(file).read();
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private AdapterFile read() {
    Metadata metadata = file.metadata();
    String type = metadata.findString("general.type").orElse("model");
    if (!type.equals("adapter")) {
      throw refuse("is a file of type '%s', not an adapter".formatted(type));
    }
    String kind = metadata.findString("adapter.type").orElse("");
    if (!kind.equals("lora")) {
      throw refuse("is an adapter of type '%s'; only 'lora' is supported".formatted(kind));
    }
    if (metadata.find("adapter.alora.invocation_tokens").isPresent()) {
      throw refuse("is an activated LoRA (adapter.alora.invocation_tokens), not supported");
    }
    float alpha = metadata.findFloat(ALPHA).orElse(0f);
    List<Delta> deltas = new ArrayList<>();
    for (TensorInfo tensor : file.tensors()) {
      if (tensor.name().endsWith(DOWN)) {
        String name = without(tensor.name(), DOWN);
        deltas.add(delta(name, tensor, partner(name + UP, tensor), alpha));
      } else if (tensor.name().endsWith(UP)) {
        partner(without(tensor.name(), UP) + DOWN, tensor);
      } else {
        throw refuse(
            "tensor %s is no part of a low-rank adapter (%s, %s), not supported"
                .formatted(tensor.name(), DOWN, UP));
      }
    }
    if (deltas.isEmpty()) {
      throw refuse("has no tensors");
    }
    Optional<String> architecture = Optional.of(metadata.string("general.architecture"));
    return new AdapterFile(file.name(), architecture, Convention.GGUF, deltas, file);
  }

  private static String without(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }

  private TensorInfo partner(String name, TensorInfo of) {
    return file.findTensor(name)
        .orElseThrow(() -> refuse("tensor %s has no partner %s".formatted(of.name(), name)));
  }

  /** Without an alpha, or with one of 0, the factor is 1. */
  private Delta delta(String name, TensorInfo down, TensorInfo up, float alpha) {
    float scale = alpha == 0 ? 1 : alpha / down.rows();
    return new Delta(name, down, up, scale).check(file.name());
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(file.name() + ": " + sentence);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;

/** Reads {@code {architecture}.*} keys, each within its bounds. */
final class ConfigKeys {
  private final GgufFile file;
  private final Metadata metadata;
  private final String architecture;

  ConfigKeys(GgufFile file, String architecture) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = architecture;
  }

  String architecture() {
    return architecture;
  }

  Metadata metadata() {
    return metadata;
  }

  /** A key in full. */
  String key(String name) {
    return architecture + "." + name;
  }

  boolean has(String name) {
    return metadata.values().containsKey(key(name));
  }

  boolean hasTensor(String name) {
    return file.findTensor(name).isPresent();
  }

  /** A whole number from 1 to {@code max}, or {@code fallback} where the key is missing. */
  int number(String name, int max, int fallback) {
    return has(name) ? number(name, max) : fallback;
  }

  /** A whole number from 1 to {@code max}. */
  int number(String name, int max) {
    return range(name, 1, max);
  }

  /** A whole number from {@code min} to {@code max}. */
  int range(String name, int min, int max) {
    int value = metadata.intValue(key(name));
    check(
        value >= min && value <= max,
        "%s is %d, not between %d and %d".formatted(key(name), value, min, max));
    return value;
  }

  /** A positive number, or {@code fallback} where the key is missing. */
  float positive(String name, float fallback) {
    float value = metadata.findFloat(key(name)).orElse(fallback);
    check(value > 0 && Float.isFinite(value), "%s is %s".formatted(key(name), value));
    return value;
  }

  boolean flag(String name, boolean fallback) {
    return metadata.findBool(key(name)).orElse(fallback);
  }

  /** Rows of {@code token_embd.weight}. */
  int vocabularySize() {
    long rows = file.tensor("token_embd.weight").rows();
    check(rows > 0 && rows <= 1 << 24, "token_embd.weight has " + rows + " rows");
    return (int) rows;
  }

  void check(boolean condition, String complaint) {
    if (!condition) {
      throw refuse(complaint);
    }
  }

  ModelFormatException refuse(String complaint) {
    return new ModelFormatException(file.name() + ": " + complaint);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.decoder.ModelConfig.Rope;
import io.yuntai.engine.decoder.ModelConfig.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;

/** Reads {@code {architecture}.*} keys and checks that they make sense together. */
final class ConfigReader {
  private static final int MAX_LAYERS = 1024;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_HEADS = 4096;
  private static final int MAX_HEAD_LENGTH = 4096;
  private static final int MAX_CONTEXT = 1 << 27;

  private final GgufFile file;
  private final Metadata metadata;
  private final String architecture;

  ConfigReader(GgufFile file, String architecture) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = architecture;
  }

  /** A decoder of dense layers with grouped-query attention. */
  ModelConfig dense(Pairing pairing, boolean attentionBias) {
    int width = number("embedding_length", MAX_WIDTH);
    int heads = number("attention.head_count", MAX_HEADS);
    int kvHeads = number("attention.head_count_kv", MAX_HEADS, heads);
    check(heads % kvHeads == 0, "attention.head_count is no multiple of attention.head_count_kv");
    int keyLength = number("attention.key_length", MAX_HEAD_LENGTH, headLength(width, heads));
    int valueLength = number("attention.value_length", MAX_HEAD_LENGTH, headLength(width, heads));
    return new ModelConfig(
        architecture,
        number("block_count", MAX_LAYERS),
        width,
        heads,
        kvHeads,
        keyLength,
        valueLength,
        number("feed_forward_length", MAX_WIDTH),
        number("context_length", MAX_CONTEXT),
        vocabularySize(),
        epsilon(),
        rope(pairing, keyLength),
        attentionBias);
  }

  private int headLength(int width, int heads) {
    return Math.max(1, width / heads);
  }

  private float epsilon() {
    String key = key("attention.layer_norm_rms_epsilon");
    float epsilon = metadata.floatValue(key);
    check(epsilon >= 0 && epsilon < 1, key + " is " + epsilon);
    return epsilon;
  }

  private Rope rope(Pairing pairing, int keyLength) {
    int dimensions = number("rope.dimension_count", MAX_HEAD_LENGTH, keyLength);
    check(
        dimensions % 2 == 0 && dimensions <= keyLength,
        "rope.dimension_count is " + dimensions + " for heads of " + keyLength);
    float base = metadata.findFloat(key("rope.freq_base")).orElse(10_000f);
    check(base > 0 && Float.isFinite(base), "rope.freq_base is " + base);
    return new Rope(pairing, base, dimensions, ropeScale());
  }

  private double ropeScale() {
    String type = metadata.findString(key("rope.scaling.type")).orElse("none");
    return switch (type) {
      case "none" -> 1;
      case "linear" -> {
        float factor = metadata.floatValue(key("rope.scaling.factor"));
        check(factor > 0 && Float.isFinite(factor), "rope.scaling.factor is " + factor);
        yield 1 / (double) factor;
      }
      default ->
          throw new ModelFormatException(
              "%s: rope scaling '%s' is not supported yet".formatted(file.name(), type));
    };
  }

  private int vocabularySize() {
    long rows = file.tensor("token_embd.weight").rows();
    check(rows > 0 && rows <= 1 << 24, "token_embd.weight has " + rows + " rows");
    return (int) rows;
  }

  private int number(String name, int max, int fallback) {
    return metadata.values().containsKey(key(name)) ? number(name, max) : fallback;
  }

  private int number(String name, int max) {
    int value = metadata.intValue(key(name));
    check(
        value >= 1 && value <= max,
        "%s is %d, not between 1 and %d".formatted(key(name), value, max));
    return value;
  }

  private String key(String name) {
    return architecture + "." + name;
  }

  private void check(boolean condition, String complaint) {
    if (!condition) {
      throw new ModelFormatException(file.name() + ": " + complaint);
    }
  }
}

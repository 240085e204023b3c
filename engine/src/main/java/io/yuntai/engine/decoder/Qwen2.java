package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/**
 * Qwen 2 and 2.5, and DeepSeek-R1's distills of them: rotary halves, biases on queries, keys and
 * values.
 */
final class Qwen2 implements Architecture {
  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withBias();
    return reader.config(attention, reader.layers(Pairing.HALVES, attention, reader.dense()));
  }
}

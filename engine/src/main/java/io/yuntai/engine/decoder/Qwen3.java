package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/** Qwen 3: rotary halves, query and key heads normalised, no biases. */
final class Qwen3 implements Architecture {
  @Override
  public String name() {
    return "qwen3";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withHeadNorms();
    return reader.config(attention, reader.layers(Pairing.HALVES, attention, reader.dense()));
  }
}

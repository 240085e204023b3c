package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/** Qwen 3 with experts, whose weights sum to one; no shared expert. */
final class Qwen3Moe implements Architecture {
  @Override
  public String name() {
    return "qwen3moe";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withHeadNorms();
    Mixture mixture = reader.mixture(reader.softmaxRouting(true));
    return reader.config(attention, reader.layers(Pairing.HALVES, attention, mixture));
  }
}

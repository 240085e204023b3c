package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/**
 * Qwen 1.5 and 2 with experts: like {@link Qwen2}, with a softmax over all experts that is not
 * divided by the chosen ones' sum, and a shared expert behind a gate.
 */
final class Qwen2Moe implements Architecture {
  @Override
  public String name() {
    return "qwen2moe";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withBias();
    int shared = reader.sharedLength("expert_shared_feed_forward_length");
    Mixture mixture = reader.mixture(reader.softmaxRouting(false), shared, true);
    return reader.config(attention, reader.layers(Pairing.HALVES, attention, mixture));
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/**
 * Llama 2 and 3, SmolLM, Mistral, Mixtral (with experts), and whatever else is converted as {@code
 * llama}: adjacent rotary pairs, no biases.
 */
final class Llama implements Architecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery();
    FeedForwardShape feedForward =
        reader.hasExperts() ? reader.mixture(reader.softmaxRouting(true)) : reader.dense();
    return reader.config(attention, reader.layers(Pairing.ADJACENT, attention, feedForward));
  }
}

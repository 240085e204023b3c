package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.FeedForwardShape.Dense;
import io.yuntai.engine.decoder.ModelConfig.Layer;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/**
 * Phi 3, 3.5 and 4: queries, keys and values in one tensor, gates and ups in another, rotary halves
 * with other divisors for long contexts.
 */
final class Phi3 implements Architecture {
  @Override
  public String name() {
    return "phi3";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withFusedProjections();
    Rope rope = reader.ropes().read(Pairing.HALVES, attention.keyLength());
    Dense feedForward = new Dense(reader.dense().length(), true);
    Layer layer = new Layer(rope, reader.window(), feedForward);
    return reader.config(attention, reader.layers(_ -> layer));
  }
}

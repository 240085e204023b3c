package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.ModelConfig.Activation;
import io.yuntai.engine.decoder.ModelConfig.Layer;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.AttentionRun;

/**
 * Gemma 3: scaled embeddings, norms before and after each half of a layer, GELU gates, and a
 * sliding window with a rotary base of its own in five layers of six.
 */
final class Gemma3 implements Architecture {
  private static final int PERIOD = 6;

  /** The 27B model, alone, scales scores by its width per head instead of its heads' length. */
  private static final int LAYERS_27B = 62;

  @Override
  public String name() {
    return "gemma3";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    GroupedQuery attention = reader.groupedQuery().withHeadNorms();
    if (reader.layers() == LAYERS_27B) {
      double perHead = (double) reader.width() / attention.heads();
      attention = attention.withScale((float) (1 / Math.sqrt(perHead)));
    }
    int length = attention.keyLength();
    FeedForwardShape feedForward = reader.dense();
    Layer global =
        new Layer(reader.ropes().read(Pairing.HALVES, length), AttentionRun.NO_WINDOW, feedForward);
    Layer local =
        new Layer(reader.ropes().local(Pairing.HALVES, length), reader.window(), feedForward);
    int period = reader.keys().number("attention.sliding_window_pattern", PERIOD * PERIOD, PERIOD);
    return reader.config(
        attention,
        reader.layers(i -> i % period < period - 1 ? local : global),
        Activation.GELU,
        (float) Math.sqrt(reader.width()),
        true);
  }
}

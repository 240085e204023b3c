package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.ModelConfig.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;

/**
 * Llama 2 and 3, SmolLM, and whatever else is converted as {@code llama}: adjacent rotary pairs, no
 * biases.
 */
final class Llama implements Architecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    return new ConfigReader(file, name()).dense(Pairing.ADJACENT, false);
  }
}

package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.ModelConfig.Rope.Pairing;
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
    return new ConfigReader(file, name()).dense(Pairing.HALVES, true);
  }
}

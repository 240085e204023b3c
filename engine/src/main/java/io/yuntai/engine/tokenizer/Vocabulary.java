package io.yuntai.engine.tokenizer;

import java.util.List;

/**
 * What a GGUF file says about its tokenizer (the keys {@code tokenizer.ggml.*}), as read and not
 * yet judged; {@link Tokenizer#of} checks it. Build one with {@link #named}.
 */
public final class Vocabulary {
  private final String model;

  private Vocabulary(String model) {
    this.model = model;
  }

  /**
   * @param model {@code tokenizer.ggml.model}: {@code gpt2}, {@code llama} or {@code bert}
   * @param tokens spellings by id
   */
  public static Vocabulary named(String model, List<String> tokens) {
    return new Vocabulary(model);
  }

  /** Kind of tokenizer. */
  public String model() {
    return model;
  }
}

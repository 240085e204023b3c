package io.yuntai.engine.speculation;

import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.function.LongSupplier;

/** Whether and how an engine drafts. Answers are the same with each. */
public sealed interface Speculation {
  /** One token a step. */
  record Off() implements Speculation {}

  /** Prompt look-up: {@link io.yuntai.engine.speculation.PromptLookup}. */
  record Lookup() implements Speculation {}

  /**
   * A draft model, and prompt look-up where that is likelier to be right.
   *
   * @param decoder the small model; owned by the engine from its start on
   * @param tokenizer its vocabulary
   */
  record Model(Decoder decoder, Tokenizer tokenizer) implements Speculation {}

  /** What suits everybody: prompt look-up, which costs nothing where nothing repeats. */
  static Speculation standard() {
    return new Lookup();
  }

  /**
   * Who drafts.
   *
   * @param tokenizer the large model's vocabulary
   * @param nanoTime {@link System#nanoTime()}, or a test's own
   * @throws io.yuntai.engine.ModelFormatException when a draft model has another vocabulary
   */
  default Drafter drafter(Tokenizer tokenizer, LongSupplier nanoTime) {
    return switch (this) {
      case Off _ -> new NoDrafts();
      case Lookup _ -> new PromptLookup();
      case Model model -> {
        DraftModel.requireSameVocabulary(tokenizer, model.tokenizer());
        yield new LookupThenModel(
            new DraftModel(model.decoder(), tokenizer.vocabularySize(), nanoTime));
      }
    };
  }
}

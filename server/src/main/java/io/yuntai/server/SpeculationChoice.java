package io.yuntai.server;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.models.store.StoredModel;

/** How a model's engine drafts, as {@code --speculation} says it. */
public sealed interface SpeculationChoice {
  /** {@code --speculation} where nothing is said. */
  String DEFAULT = "prompt";

  /** {@code off}. */
  record Off() implements SpeculationChoice {}

  /** {@code prompt}: prompt look-up. */
  record Prompt() implements SpeculationChoice {}

  /** A draft model's name, path or address. */
  record Draft(StoredModel model) implements SpeculationChoice {}

  /** Finds a draft model's file, and may pull it. */
  interface Finder {
    /** The file of a model that a text names. */
    StoredModel find(String reference) throws InterruptedException;
  }

  /**
   * The choice that a text names.
   *
   * @param finder asked for a draft model
   */
  static SpeculationChoice of(String text, Finder finder) throws InterruptedException {
    return switch (text) {
      case "off" -> new Off();
      case "prompt" -> new Prompt();
      default -> new Draft(finder.find(text));
    };
  }

  /** The same for an engine; a draft model is loaded. */
  default Speculation load(LoadOptions options) {
    return switch (this) {
      case Off _ -> new Speculation.Off();
      case Prompt _ -> new Speculation.Lookup();
      case Draft(StoredModel stored) -> {
        LoadedModel draft = LoadedModel.open(stored.file(), options);
        try {
          yield new Speculation.Model(draft.decoder(), draft.tokenizer());
        } catch (RuntimeException e) {
          draft.decoder().close();
          throw e;
        }
      }
    };
  }
}

package io.yuntai.cli.command;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.ModelKind;
import io.yuntai.models.store.StoredModel;

/** What models on this machine are for, for lists. */
final class ModelKinds {
  private ModelKinds() {}

  /** chat, embedding or rerank; {@code ?} for a file that this engine can't read. */
  static String of(StoredModel model) {
    try {
      return ModelKind.of(model.file()).label();
    } catch (ModelFormatException e) {
      return "?";
    }
  }
}

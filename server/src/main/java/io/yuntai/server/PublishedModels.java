package io.yuntai.server;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.encoder.BertConversion;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.pull.CheckpointConverter;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.transfer.SourceException;
import java.util.Map;

/** Pulls models, and converts those that are published as something else than GGUF. */
public final class PublishedModels {
  private static final CheckpointConverter CONVERTER =
      (folder, name, gguf) -> {
        try {
          BertConversion.convert(folder, name, gguf);
        } catch (ModelFormatException e) {
          throw new SourceException("it can't be converted: " + e.getMessage());
        }
      };

  private PublishedModels() {}

  /**
   * A puller that converts.
   *
   * @param environment the process's
   */
  public static Puller puller(ModelStore store, Catalog catalog, Map<String, String> environment) {
    return new Puller(store, catalog, environment, CONVERTER);
  }
}

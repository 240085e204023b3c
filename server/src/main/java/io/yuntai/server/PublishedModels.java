package io.yuntai.server;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import java.util.Map;

/**
 * Pulls models, and converts those that are published as something else than GGUF or are to be
 * quantised.
 */
public final class PublishedModels {
  private PublishedModels() {}

  /**
   * A puller that converts.
   *
   * @param environment the process's
   */
  public static Puller puller(ModelStore store, Catalog catalog, Map<String, String> environment) {
    return new Puller(store, catalog, environment, new ModelConversion());
  }
}

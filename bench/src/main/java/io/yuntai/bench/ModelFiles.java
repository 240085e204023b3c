package io.yuntai.bench;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.InvalidReferenceException;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.ModelStore;
import io.yuntai.server.HomeDirectory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models on this machine, by the names that the product knows them by. */
final class ModelFiles {
  private final ModelStore store;

  /**
   * @param home the folder with the models; without one, the one that {@code yuntai} would use
   */
  ModelFiles(@Nullable Path home) {
    this.store = new ModelStore(folder(home, System.getenv()), Catalog.load());
  }

  private static Path folder(@Nullable Path home, Map<String, String> environment) {
    String named = environment.getOrDefault("YUNTAI_HOME", "");
    if (home != null || !named.isEmpty()) {
      return home == null ? Path.of(named) : home;
    }
    return HomeDirectory.platformDefault(environment).path();
  }

  /**
   * The file of a model.
   *
   * @throws BenchException if it is not here
   */
  Path find(String model) {
    try {
      return store
          .resolve(ModelReference.parse(model))
          .orElseThrow(() ->
              new BenchException(
                  model + " is not on this machine: './yuntai pull NAME' fetches a model."));
    } catch (InvalidReferenceException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
  }
}

package io.yuntai.models.store;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The models on this machine; safe for several processes on the same folder. */
public final class ModelStore {
  private final Path folder;
  private final Catalog catalog;

  /**
   * @param home Yuntai's home; models lie in {@code home/models}, which is made when first needed
   * @param catalog gives names without a tag their entry
   */
  public ModelStore(Path home, Catalog catalog) {
    this.folder = home.toAbsolutePath().normalize().resolve("models");
    this.catalog = catalog;
  }

  /** Everything pulled, by name. */
  public List<StoredModel> list() {
    return List.of();
  }

  /**
   * The model that a reference means, if it is here: pulled, or a user's own file that exists.
   *
   * @throws StoreException if the user's own file exists but is not a readable regular file
   */
  public Optional<StoredModel> find(ModelReference reference) {
    throw new UnsupportedOperationException(
        "not there yet: " + folder + catalog.entries() + reference);
  }

  /** The file of {@link #find}. */
  public Optional<Path> resolve(ModelReference reference) {
    return find(reference).map(StoredModel::file);
  }

  /**
   * Removes a pulled model, or what an unfinished pull of it left.
   *
   * @return how many bytes became free
   * @throws StoreException if it is not there, is being pulled by another process, or is the user's
   *     own file
   */
  public long remove(ModelReference reference) {
    throw new UnsupportedOperationException("not there yet" + reference);
  }
}

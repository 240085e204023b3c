package io.yuntai.models.pull;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import java.util.Map;

/**
 * Brings models into the store. Safe for several threads and processes at once; the same model is
 * pulled by one at a time.
 */
public final class Puller {
  private final ModelStore store;
  private final Catalog catalog;
  private final Map<String, String> environment;

  /**
   * @param environment the process's environment, of which these count: {@code HF_TOKEN}, {@code
   *     HF_ENDPOINT}, {@code MODELSCOPE_API_TOKEN}, {@code MODELSCOPE_DOMAIN}, {@code PATH} (to
   *     find pip); pip gets all of it
   */
  public Puller(ModelStore store, Catalog catalog, Map<String, String> environment) {
    this.store = store;
    this.catalog = catalog;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Pulls a model, or returns at once if it is here. A user's own file is only looked at.
   *
   * @throws PullException if no source gives the file, the disk is full, or the name is unknown
   *     (the message names near ones)
   * @throws InterruptedException if the thread was interrupted; what was fetched stays for the next
   *     pull
   */
  public StoredModel pull(ModelReference reference, PullListener listener)
      throws InterruptedException {
    throw new UnsupportedOperationException(
        "not there yet: "
            + store.list()
            + catalog.entries()
            + environment.size()
            + listener.hashCode()
            + reference);
  }
}

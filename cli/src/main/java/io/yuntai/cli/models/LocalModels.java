package io.yuntai.cli.models;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.PublishedModels;
import java.util.List;
import java.util.Optional;

/** The models of a home, as commands use them. */
public final class LocalModels {
  private final CliContext context;
  private final Catalog catalog;
  private final ModelStore store;

  /** The models of this home, and the catalogue. */
  public LocalModels(CliContext context, HomeDirectory home) {
    this.context = context;
    this.catalog = Catalog.load();
    this.store = new ModelStore(home.path(), catalog);
  }

  /** The catalogue in the jar. */
  public Catalog catalog() {
    return catalog;
  }

  /** What has been pulled. */
  public ModelStore store() {
    return store;
  }

  /**
   * What a text refers to.
   *
   * @throws CommandException (not found) for a name that is not in the catalogue
   */
  public ModelReference reference(String text) {
    ModelReference reference = ModelReference.parse(text);
    if (reference instanceof ModelReference.Named(String name) && catalog.find(name).isEmpty()) {
      throw unknown(name, catalog.suggestions(name));
    }
    return reference;
  }

  private static CommandException unknown(String name, List<String> near) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        "There is no model '"
            + name
            + "' in the catalogue"
            + (near.isEmpty() ? "" : "; near it: " + String.join(", ", near))
            + ". 'yuntai models --all' lists them.");
  }

  /** The catalogue's entry for a reference, if it has one. */
  public Optional<CatalogEntry> entry(ModelReference reference) {
    return reference instanceof ModelReference.Named(String name)
        ? catalog.find(name)
        : Optional.empty();
  }

  /** The model's file on this machine; pulled first, with its progress shown, if it is not here. */
  public StoredModel findOrPull(String text) throws InterruptedException {
    ModelReference reference = reference(text);
    Optional<StoredModel> here = store.find(reference);
    return here.isPresent() ? here.get() : pull(text);
  }

  /** Pulls a model, with its progress shown; returns at once if it is here. */
  public StoredModel pull(String text) throws InterruptedException {
    // Made only now: an HTTP client takes a tenth of a second of every command's start.
    Puller puller = PublishedModels.puller(store, catalog, context.environment());
    return puller.pull(
        reference(text), new PullDisplay(text, context.screen(), context.messages()));
  }
}

package io.yuntai.models.pull;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import io.yuntai.models.catalog.ModelReference.Quantized;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.catalog.SplitFiles;
import io.yuntai.models.pull.PullException.Attempt;
import io.yuntai.models.store.ModelLock;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoreException;
import io.yuntai.models.store.StoreKey;
import io.yuntai.models.store.StoredModel;
import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings models into the store. Safe for several threads and processes at once; the same model is
 * pulled by one at a time.
 */
public final class Puller {
  private final ModelStore store;
  private final Catalog catalog;
  private final PullPorts ports;
  private final SourceFetcher fetcher;

  /**
   * @param environment the process's environment, of which these count: {@code HF_TOKEN}, {@code
   *     HF_ENDPOINT}, {@code MODELSCOPE_API_TOKEN}, {@code MODELSCOPE_DOMAIN}, {@code HTTPS_PROXY}
   *     and its like, {@code PATH} (to find pip); pip gets all of it
   */
  public Puller(ModelStore store, Catalog catalog, Map<String, String> environment) {
    this(store, catalog, environment, PullPorts.standard());
  }

  /**
   * A puller that also converts.
   *
   * @param environment as above
   * @param converter makes a GGUF file of models that are published as something else
   */
  public Puller(
      ModelStore store,
      Catalog catalog,
      Map<String, String> environment,
      CheckpointConverter converter) {
    this(store, catalog, environment, PullPorts.standard(), converter);
  }

  Puller(ModelStore store, Catalog catalog, Map<String, String> environment, PullPorts ports) {
    this(store, catalog, environment, ports, CheckpointConverter.NONE);
  }

  Puller(
      ModelStore store,
      Catalog catalog,
      Map<String, String> environment,
      PullPorts ports,
      CheckpointConverter converter) {
    this.store = store;
    this.catalog = catalog;
    this.ports = ports;
    this.fetcher = new SourceFetcher(Map.copyOf(environment), ports, converter);
  }

  /**
   * What is to be fetched.
   *
   * @param pin if any
   * @param sources in order; none for what is made of {@code local}
   * @param local a file or folder on this machine to convert, or null
   * @param recipe how it is quantised, or null
   */
  private record Target(
      StoreKey key,
      @Nullable Pin pin,
      List<CatalogSource> sources,
      @Nullable Path local,
      @Nullable String recipe) {}

  /**
   * Pulls a model, or returns at once if it is here. A user's own file is only looked at; a user's
   * own checkpoint, or file to quantise, is converted into the store.
   *
   * @throws PullException if no source gives the file, the disk is full, or the name is unknown
   *     (the message names near ones)
   * @throws InterruptedException if the thread was interrupted; what was fetched stays for the next
   *     pull
   */
  public StoredModel pull(ModelReference reference, PullListener listener)
      throws InterruptedException {
    try {
      Optional<StoredModel> present = store.find(reference);
      if (present.isPresent()) {
        return present.get();
      }
      Target target = target(reference, listener);
      ProgressMeter meter = new ProgressMeter(listener, ports.nanoTime());
      ModelLock lock =
          store.lock(target.key(), holder -> meter.event(new PullEvent.Waiting(holder)));
      try {
        return pullLocked(reference, target, meter);
      } finally {
        lock.close();
      }
    } catch (StoreException e) {
      throw new PullException(String.valueOf(e.getMessage()), List.of());
    }
  }

  private StoredModel pullLocked(ModelReference reference, Target target, ProgressMeter meter)
      throws InterruptedException {
    // Whoever held the lock may have pulled it, or been killed on the last step.
    Optional<StoredModel> present = present(reference, target);
    if (present.isPresent()) {
      return present.get();
    }
    Path partial = store.partial(target.key());
    if (target.local() != null) {
      return convert(reference, target, target.local(), partial, meter);
    }
    List<Attempt> attempts = new ArrayList<>();
    for (CatalogSource source : target.sources()) {
      String name = SourceFetcher.nameOf(source);
      try {
        SourceFetcher.Verified file =
            fetcher.fetch(source, target.pin(), partial, target.key(), target.recipe(), meter);
        StoredModel model =
            store.commit(
                target.key(),
                file.paths(),
                file.sha256(),
                target.pin() != null,
                name,
                ports.clock().instant());
        meter.event(new PullEvent.Done(file.sha256(), target.pin() != null));
        return model;
      } catch (SourceException e) {
        Attempt attempt = new Attempt(name, String.valueOf(e.getMessage()));
        attempts.add(attempt);
        meter.event(new PullEvent.SourceFailed(attempt.source(), attempt.reason()));
      } catch (LocalDiskException e) {
        throw new PullException(
            target.key().name()
                + " could not be pulled. "
                + e.getMessage()
                + ". What was fetched is kept, and the next pull goes on from there.",
            attempts);
      }
    }
    throw new PullException(failure(target, attempts), attempts);
  }

  private StoredModel convert(
      ModelReference reference, Target target, Path source, Path partial, ProgressMeter meter)
      throws InterruptedException {
    String name = target.key().fileName().substring(0, target.key().fileName().length() - 5);
    try {
      SourceFetcher.Verified file =
          fetcher.convert(
              new CheckpointConverter.Work(source, name, target.recipe()), partial, meter);
      // Whoever changes files while they are read gets them read again.
      if (!store.key(reference).equals(Optional.of(target.key()))) {
        throw new PullException(
            source + " changed while it was converted; run the command again.", List.of());
      }
      StoredModel model =
          store.commit(
              target.key(),
              file.paths(),
              file.sha256(),
              false,
              source.toUri().toString(),
              ports.clock().instant());
      store.discardEarlier(target.key());
      meter.event(new PullEvent.Done(file.sha256(), false));
      return model;
    } catch (SourceException e) {
      throw new PullException(source + ": " + e.getMessage() + ".", List.of());
    } catch (LocalDiskException e) {
      throw new PullException(
          source + " could not be converted. " + e.getMessage() + ".", List.of());
    }
  }

  private Optional<StoredModel> present(ModelReference reference, Target target) {
    return store.find(reference).or(() -> store.finish(target.key()));
  }

  private Target target(ModelReference reference, PullListener listener)
      throws InterruptedException {
    return switch (reference) {
      case LocalFile local -> local(reference, local, null);
      case Quantized(LocalFile local, String recipe) -> local(reference, local, recipe);
      case Quantized(HubRepository hub, String recipe) ->
          new Target(
              key(reference), null, List.of(new CatalogSource.Repository(hub)), null, recipe);
      case Quantized(ModelReference source, String recipe) ->
          new Target(key(reference), null, List.of(), pull(source, listener).file(), recipe);
      case HubRepository hub ->
          new Target(key(reference), null, List.of(new CatalogSource.Repository(hub)), null, null);
      case Named named -> named(named);
      case HubFile _, PackageFile _ ->
          new Target(key(reference), null, List.of(source(reference)), null, null);
    };
  }

  private StoreKey key(ModelReference reference) {
    return store.key(reference).orElseThrow(() -> unknown(reference));
  }

  private Target local(ModelReference reference, LocalFile local, @Nullable String recipe) {
    StoreKey key =
        store
            .key(reference)
            .orElseThrow(() ->
                new PullException(
                    Files.isDirectory(local.path())
                        ? "The folder " + local.path() + " has no config.json, so it is no model."
                        : "There is no file " + local.path() + ".",
                    List.of()));
    return new Target(key, null, List.of(), local.path(), recipe);
  }

  private Target named(Named named) {
    StoreKey key = key(named);
    CatalogEntry entry = catalog.find(named.name()).orElseThrow(() -> unknown(named));
    String obstacle = entry.notYetRunnable();
    if (obstacle != null) {
      throw new PullException(obstacle, List.of());
    }
    return new Target(key, entry.pin(), entry.sources(), null, null);
  }

  private static CatalogSource source(ModelReference reference) {
    return reference instanceof HubFile hub && SplitFiles.of(hub).size() > 1
        ? new CatalogSource.Split(List.copyOf(SplitFiles.of(hub)))
        : new CatalogSource.Single(reference);
  }

  private PullException unknown(ModelReference reference) {
    List<String> near = catalog.suggestions(reference.text());
    String hint =
        near.isEmpty()
            ? "'yuntai models --all' lists those known by name; a file on a hub is named as hf://org/repo/file.gguf."
            : "Did you mean " + String.join(", ", near) + "?";
    return new PullException("There is no model '" + reference.text() + "'. " + hint, List.of());
  }

  private static String failure(Target target, List<Attempt> attempts) {
    return attempts.stream()
        .map(attempt -> "\n  " + attempt.source() + ": " + attempt.reason())
        .collect(
            Collectors.joining(
                "",
                target.key().name()
                    + " could not be pulled; "
                    + (attempts.size() == 1 ? "its source failed:" : "all its sources failed:"),
                ""));
  }
}

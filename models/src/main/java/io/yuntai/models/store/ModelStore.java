package io.yuntai.models.store;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.SplitFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The models on this machine; safe for several processes on the same folder.
 *
 * <pre>
 * HOME/models/KEY/FILE.gguf      a model, whole and verified
 * HOME/models/KEY/model.json     what is known of it
 * HOME/models/KEY/packed/        its packed weights, see {@link PackedWeights}
 * HOME/models/.partial/KEY/      what an unfinished pull has
 * HOME/models/.trash/            folders on their way out
 * HOME/models/.locks/KEY         locks, and who holds them
 * </pre>
 */
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

  /**
   * Everything pulled, by name. A folder whose description or file is damaged is passed over;
   * pulling that model replaces it.
   *
   * @throws StoreException if the folder can't be read
   */
  public List<StoredModel> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .filter(each -> !String.valueOf(each.getFileName()).startsWith("."))
          .flatMap(each -> ModelDescription.read(each).stream())
          .sorted(Comparator.comparing(StoredModel::name))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(
          "The models' folder " + folder + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  /**
   * The model that a reference means, if it is here: pulled, or a user's own file that exists.
   *
   * @throws StoreException if the user's own file exists but is neither a readable regular file nor
   *     a checkpoint's folder
   */
  public Optional<StoredModel> find(ModelReference reference) {
    if (reference instanceof LocalFile local && !Files.isDirectory(local.path())) {
      return ownFile(local);
    }
    if (reference instanceof LocalFile local && key(reference).isEmpty()) {
      throw new StoreException(
          local.path()
              + " is a folder without config.json, so it holds no model that can be read.");
    }
    return key(reference).flatMap(key -> ModelDescription.read(folder.resolve(key.folder())));
  }

  /** The file of {@link #find}. */
  public Optional<Path> resolve(ModelReference reference) {
    return find(reference).map(StoredModel::file);
  }

  /**
   * Where a reference's model lies or would lie; empty for a user's own file, for one to convert
   * that is not there, and for a name that nobody knows.
   */
  public Optional<StoreKey> key(ModelReference reference) {
    return StoreKey.of(reference, catalog);
  }

  private static Optional<StoredModel> ownFile(LocalFile local) {
    Path file = local.path();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new StoreException(file + " is not a file that can be read; name a GGUF file.");
    }
    try {
      return Optional.of(
          new StoredModel(
              local.text(),
              file,
              Files.size(file),
              null,
              false,
              null,
              file.toUri().toString(),
              false));
    } catch (IOException e) {
      throw new StoreException(file + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Removes a pulled model, or what an unfinished pull of it left.
   *
   * @return how many bytes became free
   * @throws StoreException if it is not there, is being pulled by another process, or is the user's
   *     own file
   */
  public long remove(ModelReference reference) {
    if (reference instanceof LocalFile local && Files.isRegularFile(local.path())) {
      throw new StoreException(
          local.path()
              + " is your own file, used where it lies; only pulled models are removed. Delete it yourself.");
    }
    // What was made of files that have changed, or are gone, still bears their name.
    StoreKey key =
        listed(reference.text())
            .or(() -> key(reference))
            .orElseThrow(() ->
                new StoreException("There is no model '" + reference.text() + "' to remove."));
    Path model = folder.resolve(key.folder());
    if (!Files.exists(model) && !Files.exists(partialFolder(key))) {
      throw new StoreException(
          key.name() + " is not on this machine; 'yuntai models' lists what is.");
    }
    try (ModelLock lock = ModelLock.tryTake(lockFile(key))) {
      if (lock == null) {
        throw new StoreException(
            key.name()
                + " is being pulled by "
                + ModelLock.holder(lockFile(key))
                + "; stop that first, then remove it.");
      }
      long freed = discard(model) + discard(partialFolder(key));
      emptyTrash();
      return freed;
    } catch (IOException e) {
      throw new StoreException(key.name() + " can't be removed: " + e.getMessage() + ".", e);
    }
  }

  private Optional<StoreKey> listed(String name) {
    return list().stream()
        .filter(model -> model.name().equals(name))
        .map(ModelStore::keyOf)
        .findFirst();
  }

  private static StoreKey keyOf(StoredModel model) {
    return new StoreKey(
        model.name(),
        String.valueOf(Objects.requireNonNull(model.file().getParent()).getFileName()),
        String.valueOf(model.file().getFileName()));
  }

  /** Removes what was made of earlier states of the same source. Only for the lock's holder. */
  public void discardEarlier(StoreKey key) {
    for (StoredModel model : list()) {
      if (model.name().equals(key.name()) && !keyOf(model).folder().equals(key.folder())) {
        try {
          long _ = discard(folder.resolve(keyOf(model).folder()));
        } catch (IOException e) {
          // In use on a system that minds: it stays listed, and can be removed by its name.
        }
      }
    }
    emptyTrash();
  }

  /**
   * Takes the right to change a model, waiting for whoever has it.
   *
   * @param waiting hears once who that is
   */
  public ModelLock lock(StoreKey key, Consumer<String> waiting) throws InterruptedException {
    try {
      return ModelLock.take(lockFile(key), waiting);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * The folder in which a model's unfinished pulls lie; made if it is not there. Only for the
   * holder of the lock.
   *
   * @throws StoreException if it can't be made
   */
  public Path partial(StoreKey key) {
    try {
      emptyTrash();
      return Files.createDirectories(partialFolder(key));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Makes a verified file a model of the store, in one step, and deletes what else its pulls left.
   * Only for the holder of the lock.
   *
   * @param files on the store's disk, below {@link #partial}, in order; they are moved
   * @throws StoreException if the disk does not take it; nothing is lost then, and {@link #finish}
   *     or the next pull goes on
   */
  public StoredModel commit(
      StoreKey key,
      List<Path> files,
      String sha256,
      boolean pinned,
      String source,
      Instant pulledAt) {
    try {
      Path whole = Files.createDirectories(wholeFolder(key));
      List<String> names = SplitFiles.names(key.fileName(), files.size());
      Path target = folder.resolve(key.folder()).resolve(names.getFirst());
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      // The description first: if there is no room for it, the files are still where the next pull
      // looks for them.
      ModelDescription.write(
          whole,
          new StoredModel(key.name(), target, bytes, sha256, pinned, pulledAt, source, true));
      for (int i = 0; i < names.size(); i++) {
        Files.move(files.get(i), whole.resolve(names.get(i)), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    return finish(key)
        .orElseThrow(() ->
            new StoreException("The file of " + key.name() + " changed while it was stored."));
  }

  /**
   * Ends a commit that was killed between its steps: the file is verified and described, and has
   * only to be moved. Only for the holder of the lock.
   *
   * @return the model, or empty if no commit was under way
   */
  public Optional<StoredModel> finish(StoreKey key) {
    Path whole = wholeFolder(key);
    if (ModelDescription.read(whole).isEmpty()) {
      return Optional.empty();
    }
    try {
      Path target = folder.resolve(key.folder());
      discard(target);
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
      discard(partialFolder(key));
      emptyTrash();
      return ModelDescription.read(target);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Renames a folder away, so that it is gone at once and whole; gives the bytes that this frees.
   */
  private long discard(Path doomed) throws IOException {
    if (!Files.exists(doomed)) {
      return 0;
    }
    long bytes = sizeOf(doomed);
    Path trash = Files.createDirectories(folder.resolve(".trash"));
    Files.move(
        doomed,
        trash.resolve(doomed.getFileName() + "-" + UUID.randomUUID()),
        StandardCopyOption.ATOMIC_MOVE);
    return bytes;
  }

  /** What can't be deleted now, because it is open somewhere, is deleted by a later call. */
  private void emptyTrash() {
    Path trash = folder.resolve(".trash");
    for (Path each : deepestFirst(trash)) {
      if (each.equals(trash)) {
        continue; // Another process may be about to move a folder into it.
      }
      try {
        Files.deleteIfExists(each);
      } catch (IOException e) {
        // Left for the next call.
      }
    }
  }

  private static List<Path> deepestFirst(Path root) {
    List<Path> paths = new ArrayList<>();
    if (Files.exists(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        files.forEach(paths::add);
      } catch (IOException | UncheckedIOException e) {
        // Another process empties the same folder; what was seen is enough.
      }
    }
    return paths.reversed();
  }

  private static long sizeOf(Path root) {
    return deepestFirst(root).stream()
        .filter(Files::isRegularFile)
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  private Path partialFolder(StoreKey key) {
    return folder.resolve(".partial").resolve(key.folder());
  }

  private Path wholeFolder(StoreKey key) {
    return partialFolder(key).resolve("whole");
  }

  private Path lockFile(StoreKey key) throws IOException {
    return Files.createDirectories(folder.resolve(".locks")).resolve(key.folder());
  }

  private StoreException unwritable(IOException e) {
    return new StoreException(
        "The models' folder " + folder + " can't be written: " + e.getMessage() + ".", e);
  }
}

package io.yuntai.models.store;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where packed weights are kept. The engine writes them at a model's first start and reads them at
 * the next; they may be removed at any time.
 *
 * <pre>
 * HOME/models/KEY/packed/      of a model of the store; goes with it
 * HOME/packed/NAME-HASH/       of a user's own file, whose path is in source.txt
 * </pre>
 */
public final class PackedWeights {
  private static final String FOLDER = "packed";
  private static final String SOURCE_FILE = "source.txt";
  private static final int PATH_BYTES_MAX = 1 << 14;

  private final Path ownFiles;

  /**
   * @param home Yuntai's home
   */
  public PackedWeights(Path home) {
    this.ownFiles = home.toAbsolutePath().normalize().resolve(FOLDER);
  }

  /** The folder for one model's packed weights, made when they are written. */
  public Path folder(StoredModel model) {
    return model.owned() ? model.file().resolveSibling(FOLDER) : folder(model.file());
  }

  private Path folder(Path ownFile) {
    return ownFiles.resolve(StoreKey.ofOwnFile(ownFile.toAbsolutePath().normalize()));
  }

  /** Bytes on disk of a model's packed weights; 0 where there are none. */
  public long bytes(StoredModel model) {
    return bytes(folder(model));
  }

  /** Users' own files that have packed weights, by path. */
  public List<StoredModel> ownFiles() {
    List<StoredModel> found = new ArrayList<>();
    for (Path folder : list(ownFiles)) {
      Path source = source(folder);
      if (source != null && Files.isRegularFile(source) && folder(source).equals(folder)) {
        found.add(
            new StoredModel(
                source.toString(),
                source,
                source.toFile().length(),
                null,
                false,
                null,
                source.toUri().toString(),
                false));
      }
    }
    found.sort(Comparator.comparing(StoredModel::name));
    return found;
  }

  /** Removes those of a user's own file, which may be gone itself; gives the bytes freed. */
  public long remove(Path ownFile) {
    return remove(folder(ownFile), bytes(folder(ownFile)));
  }

  /** Removes those of users' files that are no more. */
  public void removeOrphans() {
    for (Path folder : list(ownFiles)) {
      Path source = source(folder);
      if (source != null && Files.notExists(source)) {
        long _ = remove(folder, 0);
      }
    }
  }

  private static long remove(Path folder, long bytes) {
    for (Path file : list(folder)) {
      delete(file);
    }
    delete(folder);
    return bytes;
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Open on a system that minds, or not ours: it stays, as it may.
    }
  }

  private static long bytes(Path folder) {
    return list(folder).stream().map(Path::toFile).mapToLong(File::length).sum();
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // another process removes it
    }
  }

  private static @Nullable Path source(Path folder) {
    Path file = folder.resolve(SOURCE_FILE);
    try {
      if (Files.size(file) > PATH_BYTES_MAX) {
        return null;
      }
      Path source = Path.of(Files.readString(file, StandardCharsets.UTF_8).strip());
      return source.isAbsolute() ? source : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}

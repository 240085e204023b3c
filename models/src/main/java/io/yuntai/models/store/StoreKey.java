package io.yuntai.models.store;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import io.yuntai.models.catalog.ModelReference.Quantized;
import io.yuntai.models.catalog.SplitFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a model lies in the store.
 *
 * @param name what lists call it
 * @param folder the name of its folder: safe on every file system, and another for every model
 * @param fileName the name of its file there
 */
public record StoreKey(String name, String folder, String fileName) {
  private static final int READABLE_CHARACTERS = 80;
  private static final String GGUF = ".gguf";

  /**
   * The key of what a reference means; empty for a user's own file, for what can't be converted,
   * and for a name that the catalogue does not know.
   */
  static Optional<StoreKey> of(ModelReference reference, Catalog catalog) {
    return switch (reference) {
      case HubRepository hub -> Optional.of(of(hub.text(), hub.repository() + GGUF));
      case Quantized(LocalFile local, String recipe) ->
          SourceStamp.of(local.path())
              .map(stamp -> converted(reference, local, "-" + recipe, stamp));
      case Quantized(ModelReference source, String recipe) ->
          of(source, catalog)
              .map(key -> {
                String file = key.fileName;
                String stem =
                    file.endsWith(GGUF) ? file.substring(0, file.length() - GGUF.length()) : file;
                String text = key.name + reference.text().substring(source.text().length());
                return of(text, stem + "-" + recipe + GGUF);
              });
      case Named named -> catalog.find(named.name()).map(StoreKey::of);
      case HubFile hub -> Optional.of(ofFirst(SplitFiles.of(hub).getFirst()));
      case PackageFile file -> Optional.of(of(file.text(), file.file()));
      case LocalFile local ->
          Files.isDirectory(local.path())
              ? SourceStamp.of(local.path()).map(stamp -> converted(reference, local, "", stamp))
              : Optional.empty();
    };
  }

  /** Whichever of its files is named, a model is one. */
  private static StoreKey ofFirst(HubFile hub) {
    return of(hub.text(), hub.file());
  }

  /** Changed files are another model: the stamp makes another folder. */
  private static StoreKey converted(
      ModelReference reference, LocalFile local, String suffix, SourceStamp stamp) {
    String file = String.valueOf(local.path().getFileName());
    String stem = file.endsWith(GGUF) ? file.substring(0, file.length() - GGUF.length()) : file;
    StoreKey key = of(reference.text() + stamp.text(), stem + suffix + GGUF);
    return new StoreKey(
        reference.text(),
        safe(stem + suffix) + key.folder.substring(key.folder.length() - 13),
        key.fileName);
  }

  /** Names of the catalogue hold only letters that are safe, and one colon. */
  private static StoreKey of(CatalogEntry entry) {
    String folder = entry.name().replace(":", "--");
    return new StoreKey(entry.name(), folder, folder + ".gguf");
  }

  /** Two addresses may look alike once made safe; a piece of their hash keeps them apart. */
  private static StoreKey of(String text, String path) {
    String hash = HexFormat.of().formatHex(sha256(text), 0, 6);
    return new StoreKey(
        text, safe(text) + "-" + hash, safe(path.substring(path.lastIndexOf('/') + 1)));
  }

  /** The name of a folder for what belongs to a user's own file. */
  static String ofOwnFile(Path file) {
    String hash = HexFormat.of().formatHex(sha256(file.toString()), 0, 6);
    return safe(String.valueOf(file.getFileName())) + "-" + hash;
  }

  private static String safe(String text) {
    String safe = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+", "");
    return safe.substring(Math.max(0, safe.length() - READABLE_CHARACTERS))
        .replaceAll("^[.-]+", "");
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package io.yuntai.models.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells one state of a user's files from another by names, sizes and times of change, without
 * reading them.
 *
 * @param text differs when a file does
 */
record SourceStamp(String text) {
  /** To be raised when conversion makes other bytes of the same files. */
  private static final int CONVERSION = 1;

  private static final int MAX_FILES = 10_000;
  private static final List<String> ENDINGS = List.of(".json", ".safetensors", ".jinja", ".txt");

  /** The stamp of a file, or of a folder with a checkpoint; empty for anything else. */
  static Optional<SourceStamp> of(Path source) {
    if (Files.isRegularFile(source)) {
      return Optional.of(of(List.of(source)));
    }
    if (!Files.isRegularFile(source.resolve("config.json"))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(source)) {
      return Optional.of(
          of(
              Stream.concat(files, Stream.of(source.resolve("1_Pooling").resolve("config.json")))
                  .filter(SourceStamp::counts)
                  .sorted()
                  .limit(MAX_FILES)
                  .toList()));
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(
          "The folder " + source + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  private static boolean counts(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
  }

  private static SourceStamp of(List<Path> files) {
    return new SourceStamp(
        files.stream()
            .map(Path::toFile)
            .map(file -> file + " " + file.length() + " " + file.lastModified())
            .collect(Collectors.joining("\n", "\nconversion " + CONVERSION + "\n", "")));
  }
}

package io.yuntai.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** The configuration file as text of TOML, of at most 4 MiB. */
public final class TomlFile {
  private static final long MAX_BYTES = 4 << 20;

  private TomlFile() {}

  /** What is wrong with a file, for {@link #read}. */
  public static TomlSection.Problems problemsOf(Path file) {
    Path name = file.getFileName();
    return new TomlSection.Problems(name == null ? file.toString() : name.toString());
  }

  /**
   * Reads a file.
   *
   * @param problems takes down what is wrong with it
   * @return empty where it is no TOML
   */
  public static Optional<TomlSection> read(Path file, TomlSection.Problems problems) {
    TomlParseResult toml;
    try {
      if (Files.size(file) > MAX_BYTES) {
        problems.add(null, "It is longer than %d bytes.".formatted(MAX_BYTES));
        return Optional.empty();
      }
      toml = Toml.parse(Files.readString(file));
    } catch (IOException e) {
      problems.add(null, "It can't be read: %s.".formatted(e));
      return Optional.empty();
    }
    for (TomlParseError error : toml.errors()) {
      problems.add(error.position(), error.getMessage() + ".");
    }
    return toml.hasErrors()
        ? Optional.empty()
        : Optional.of(new TomlSection(toml, "", null, problems));
  }
}

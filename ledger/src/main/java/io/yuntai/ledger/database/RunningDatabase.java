package io.yuntai.ledger.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a server that uses an external database leaves in its home for as long as it runs: the URL,
 * in a file for its owner alone. So a command beside it works on the rows that the server serves
 * from, and not on an embedded database that nobody serves from.
 */
public final class RunningDatabase {
  private RunningDatabase() {}

  private static Path file(Path home) {
    return home.resolve("run").resolve("database");
  }

  /** The URL of the external database that this home's server uses; empty where it uses none. */
  public static Optional<String> url(Path home) {
    try {
      String url = Files.readString(file(home)).strip();
      return url.isEmpty() ? Optional.empty() : Optional.of(url);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new DatabaseException(
          file(home)
              + ", which names the running server's database, can't be read ("
              + e
              + "): run the command as the server's user, or set "
              + DatabaseOptions.URL_VARIABLE
              + ".",
          e);
    }
  }

  /** Tells what this home's server uses from now on. */
  public static void announce(Path home, DatabaseOptions options) {
    switch (options) {
      case DatabaseOptions.Embedded _ -> withdraw(home);
      case DatabaseOptions.External external -> write(file(home), external.url());
    }
  }

  /** The server ends. */
  public static void withdraw(Path home) {
    try {
      Files.deleteIfExists(file(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String url) {
    try {
      Path folder = Files.createDirectories(file.resolveSibling(""));
      Path draft = Files.createTempFile(folder, "database.new-", ""); // private by default
      Files.write(draft, (url + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

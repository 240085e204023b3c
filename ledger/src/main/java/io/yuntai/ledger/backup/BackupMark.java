package io.yuntai.ledger.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The file in a home that tells when it was backed up last. It is in no backup itself. */
public final class BackupMark {
  static final String NAME = "last-backup";
  private static final int BYTES_MAX = 100;

  private BackupMark() {}

  /**
   * Marks a home.
   *
   * @throws IOException when it can't be written
   */
  public static void write(Path home, Instant at) throws IOException {
    Files.writeString(home.resolve(NAME), at + "\n");
  }

  /** When a home was backed up last; empty for never, or where nobody can tell. */
  public static Optional<Instant> read(Path home) {
    Path file = home.resolve(NAME);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= BYTES_MAX
          ? Optional.of(Instant.parse(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }
}

package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what PostgreSQL or the operating system said into a sentence for the user. */
final class StartFailure {
  private static final int TAIL_LINES = 5;

  private StartFailure() {}

  /** A program of PostgreSQL's ended or didn't get ready; {@code output} is the end of its log. */
  static DatabaseException of(ServerHome home, String program, String output) {
    if (isDiskFull(output)) {
      return diskFull(home.home(), null);
    }
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    String tail =
        String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    return new DatabaseException(
        program
            + " did not start in "
            + home.root()
            + "; its last words: "
            + (tail.isEmpty() ? "(none)" : tail)
            + " (more in "
            + home.log()
            + ").");
  }

  /** A file of the server's couldn't be read or written. */
  static DatabaseException of(ServerHome home, IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (isDiskFull(message)) {
      return diskFull(home.home(), failure);
    }
    return new DatabaseException(
        "The embedded database in "
            + home.root()
            + " can't be started: "
            + reason(failure)
            + "; make that folder writable for you, or choose another with --home.",
        failure);
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case FileAlreadyExistsException taken -> taken.getFile() + " is a file, not a folder";
      case FileSystemException other -> String.valueOf(other.getMessage());
      default -> failure.getClass().getSimpleName() + ": " + failure.getMessage();
    };
  }

  /** Says early what would otherwise fail half-way. */
  static void requireSpace(Path home, long bytes) throws IOException {
    long free = freeBytes(home);
    if (free < bytes) {
      throw new DatabaseException(
          String.format(
              Locale.ROOT,
              "The disk that holds %s is full: the database needs %d MB there and %d MB are free;"
                  + " free some space, or choose another folder with --home.",
              home,
              (bytes >> 20) + 1,
              free >> 20));
    }
  }

  static boolean isDiskFull(String message) {
    return message.contains("No space left on device")
        || message.contains("Disk quota exceeded")
        || message.contains("There is not enough space on the disk");
  }

  private static DatabaseException diskFull(Path home, @Nullable IOException cause) {
    return new DatabaseException(
        "The disk that holds "
            + home
            + " is full: free some space (the database needs "
            + (PostgresBinaries.BYTES_NEEDED >> 20)
            + " MB for its first start), or choose another folder with --home.",
        cause);
  }

  private static long freeBytes(Path home) throws IOException {
    FileStore store = Files.getFileStore(home);
    return store.getUsableSpace();
  }
}

package io.yuntai.ledger.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The server's log: a file and one predecessor of bounded size, and the last lines in memory for
 * error messages. A log that can't be written (a full disk) never stops the server.
 */
final class ServerLog {
  private static final long MAX_FILE_BYTES = 2L << 20;
  private static final int MAX_LINE_BYTES = 2048;
  private static final int TAIL_LINES = 20;

  private final Path file;
  private final Deque<String> tail = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();

  ServerLog(Path file) {
    this.file = file;
  }

  /** Copies what a server says until it has closed its end, and shows each line to the watcher. */
  void copy(InputStream output, Consumer<String> watcher) throws IOException {
    byte[] bytes = new byte[8192];
    for (int n = output.read(bytes); n >= 0; n = output.read(bytes)) {
      write(bytes, n);
      for (int i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
          endLine(watcher);
        } else if (line.length() < MAX_LINE_BYTES) {
          line.append((char) (bytes[i] & 0xff));
        }
      }
    }
    endLine(watcher);
  }

  /** The last lines, the oldest first. */
  synchronized String tail() {
    return String.join("\n", tail);
  }

  private void endLine(Consumer<String> watcher) {
    if (line.isEmpty()) {
      return;
    }
    String text =
        new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    line.setLength(0);
    synchronized (this) {
      if (tail.size() == TAIL_LINES) {
        tail.removeFirst();
      }
      tail.addLast(text);
    }
    watcher.accept(text);
  }

  private void write(byte[] bytes, int length) {
    try {
      if (Files.exists(file) && Files.size(file) + length > MAX_FILE_BYTES) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        out.write(bytes, 0, length);
      }
    } catch (IOException lost) {
      // The last lines are still in memory.
    }
  }
}

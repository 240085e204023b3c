package io.yuntai.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Which process listens on a port, as far as {@code /proc} tells (Linux, own processes). */
public final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";

  private PortHolder() {}

  /** The process that listens on this TCP port; empty where that can't be found out. */
  public static OptionalLong find(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : new String[] {"net/tcp", "net/tcp6"}) {
        addListeners(PROC.resolve(table), port, sockets);
      }
      if (sockets.isEmpty()) {
        return OptionalLong.empty();
      }
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (Path process : processes) {
          if (holdsOne(process, sockets)) {
            return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
          }
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  /** The program's name in brackets, or nothing. */
  static String name(long pid) {
    Optional<String> command = ProcessHandle.of(pid).flatMap(p -> p.info().command());
    return command.map(path -> " (" + Path.of(path).getFileName() + ")").orElse("");
  }

  // Columns of /proc/net/tcp (proc_net_tcp(5)): number, local address:port, remote, state, ...,
  // inode at 9.
  private static void addListeners(Path table, int port, Set<String> sockets) throws IOException {
    if (!Files.isReadable(table)) {
      return;
    }
    String suffix = String.format(java.util.Locale.ROOT, ":%04X", port);
    for (String line : Files.readAllLines(table)) {
      String[] columns = line.strip().split("\\s+");
      if (columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTEN)) {
        sockets.add("socket:[" + columns[9] + "]");
      }
    }
  }

  private static boolean holdsOne(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // another user's process, or gone meanwhile
    }
    return false;
  }
}

package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Finds and ends processes of a cluster's server that the process which started them has left. */
final class ServerProcesses {
  /** A fast shutdown writes what is in memory to disk; a slow one may take its time. */
  private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(30);

  private static final Duration QUICK_SHUTDOWN = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final Path data;

  ServerProcesses(Path data) {
    this.data = data;
  }

  /**
   * Ends a server that outlived the Yuntai which started it, and removes a pid file that would keep
   * a new one from starting. Only under the home's lock, which says that no other Yuntai lives.
   *
   * @throws DatabaseException when a process can't be ended
   */
  void stopLeftOver() throws IOException {
    Optional<ProcessHandle> named = postmaster();
    if (named.isPresent() && isOurs(named.get())) {
      stop(named.get());
    } else if (named.isPresent()) {
      // The id now belongs to a stranger. PostgreSQL would take it for a running server; that no
      // process of the old one is left is what its file would have told.
      killAll();
      Files.deleteIfExists(data.resolve("postmaster.pid"));
    }
  }

  /** All that run now. */
  List<ProcessHandle> all() {
    return ProcessHandle.allProcesses().filter(this::isOurs).toList();
  }

  /** Ends what is left of a server whose main process was killed. */
  void killAll() throws IOException {
    List<ProcessHandle> left = all();
    for (ProcessHandle process : left) {
      Commands.signal(process.pid(), "QUIT");
    }
    for (ProcessHandle process : left) {
      if (!ended(process, QUICK_SHUTDOWN)) {
        process.destroyForcibly();
      }
    }
  }

  /** Ends a server by its main process: what is committed is safe at every stage. */
  void stop(ProcessHandle postmaster) throws IOException {
    Commands.signal(postmaster.pid(), "INT");
    if (ended(postmaster, FAST_SHUTDOWN)) {
      return;
    }
    Commands.signal(postmaster.pid(), "QUIT");
    if (ended(postmaster, QUICK_SHUTDOWN)) {
      return;
    }
    postmaster.destroyForcibly();
    if (!ended(postmaster, QUICK_SHUTDOWN)) {
      throw new DatabaseException(
          "The PostgreSQL process "
              + postmaster.pid()
              + " of "
              + data
              + " does not end: end it with 'kill -9 "
              + postmaster.pid()
              + "'.");
    }
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(pid));
    } catch (IOException | RuntimeException none) {
      return Optional.empty();
    }
  }

  /** A PostgreSQL process works in its cluster's folder. */
  private boolean isOurs(ProcessHandle process) {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    try {
      if (Files.isDirectory(proc)) {
        return Files.readSymbolicLink(proc.resolve("exe")).endsWith("bin/postgres")
            && Files.readSymbolicLink(proc.resolve("cwd")).equals(data.toRealPath());
      }
      ProcessHandle.Info info = process.info();
      return info.command().filter(command -> command.endsWith("/bin/postgres")).isPresent()
          && info.commandLine().filter(line -> line.contains(data.toString())).isPresent();
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Waits by looking: Java is told at once only of its own children's end. */
  private static boolean ended(ProcessHandle process, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!isGone(process)) {
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    return true;
  }

  /**
   * Whether it has ended. In a container nobody may take notice of an orphan's end; then it stays
   * in the list of processes, but without a program.
   */
  private static boolean isGone(ProcessHandle process) {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    if (!process.isAlive()) {
      return true;
    }
    try {
      if (Files.isDirectory(proc)) {
        Files.readSymbolicLink(proc.resolve("exe"));
      }
      return false;
    } catch (NoSuchFileException withoutProgram) {
      return true;
    } catch (IOException unreadable) {
      return false;
    }
  }
}

package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;

/** A home's server, owned by this process from {@link #start} to {@link #close}. */
final class EmbeddedServer implements AutoCloseable {
  /** Enough for a start that has nothing to make: a log, recovered pages, a few WAL files. */
  private static final long BYTES_NEEDED_AGAIN = 32L << 20;

  private final ServerHome home;
  private final HomeLock lock;
  private final PostgresServer server;
  private final String password;

  private EmbeddedServer(ServerHome home, HomeLock lock, PostgresServer server, String password) {
    this.home = home;
    this.lock = lock;
    this.server = server;
    this.password = password;
  }

  static EmbeddedServer start(ServerHome home, Duration timeout) {
    try {
      home.createRoot();
      HomeLock lock = HomeLock.acquire(home);
      try {
        return startLocked(home, lock, timeout);
      } catch (IOException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw StartFailure.of(home, failure);
    }
  }

  private static EmbeddedServer startLocked(ServerHome home, HomeLock lock, Duration timeout)
      throws IOException {
    home.deleteLeftovers();
    Files.deleteIfExists(home.connection());
    boolean firstStart = !PostgresBinaries.present(home.binaries()) || !Files.exists(home.data());
    StartFailure.requireSpace(
        home.home(), firstStart ? PostgresBinaries.BYTES_NEEDED : BYTES_NEEDED_AGAIN);
    if (!PostgresBinaries.present(home.binaries())) {
      PostgresBinaries.unpack(home);
    }
    String password = Cluster.password(home);
    PostgresServer server;
    try {
      server = startServer(home, password, timeout);
    } catch (DatabaseException failure) {
      if (PostgresBinaries.whole(home.binaries())) {
        throw failure;
      }
      PostgresBinaries.unpack(home);
      server = startServer(home, password, timeout);
    }
    return new EmbeddedServer(home, lock, server, password);
  }

  private static PostgresServer startServer(ServerHome home, String password, Duration timeout)
      throws IOException {
    new ServerProcesses(home.data()).stopLeftOver();
    Launcher launcher = Launcher.choose(home);
    Cluster.ensure(home, launcher, password);
    SecureRandom random = new SecureRandom();
    return PostgresServer.start(home, launcher, () -> Ports.free(random), timeout);
  }

  ServerAddress address() {
    return ServerAddress.embedded(server.port(), password);
  }

  /** Lets other processes find the server. */
  void announce() {
    try {
      ServerAddress.announce(home, server.port());
    } catch (IOException failure) {
      throw StartFailure.of(home, failure);
    }
  }

  /** Stops the server and gives the home free. */
  @Override
  public void close() {
    try {
      try {
        Files.deleteIfExists(home.connection());
      } finally {
        try {
          server.stop();
        } finally {
          lock.close();
        }
      }
    } catch (IOException failure) {
      throw new DatabaseException(
          "The embedded database in " + home.root() + " did not stop: " + failure.getMessage(),
          failure);
    }
  }
}

package io.yuntai.server;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in another process, seen from outside. */
public final class RunningServer {
  private RunningServer() {}

  /** The process that serves this home, be it starting, ready or stopping. */
  public static Optional<ProcessHandle> process(HomeDirectory home) {
    OptionalLong holder = ServerLock.holder(home);
    return holder.isEmpty()
        ? Optional.empty()
        : ProcessHandle.of(holder.getAsLong()).filter(ProcessHandle::isAlive);
  }

  /** Waits for a process to end; returns whether it has. */
  public static boolean awaitEnd(ProcessHandle process, Duration patience)
      throws InterruptedException {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Stops the database that a killed server left running in this home, if there is one.
   *
   * @return whether there was one
   */
  public static boolean stopOrphans(HomeDirectory home) {
    Optional<Database> left = Database.connect(home.path());
    if (left.isEmpty()) {
      return false;
    }
    left.get().close();
    // Whoever opens it becomes its owner, and takes it down when done.
    Database.open(DatabaseOptions.embedded(home.path())).close();
    return true;
  }
}

package io.yuntai.ledger.database;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded server as a child process.
 *
 * <p>One platform thread starts it, copies its log and waits for its end, and starts it again when
 * it ends unasked. The thread lives as long as the server, which matters: the kernel sends the
 * parent-death signal (see {@link Launcher}) when the thread that started a child ends.
 */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final String READY = "database system is ready to accept connections";
  private static final int MAX_PORT_ATTEMPTS = 5;

  /** Starts in a row of a server that soon ends again. */
  private static final int MAX_RESTARTS = 10;

  private static final Duration STABLE_AFTER = Duration.ofMinutes(1);
  private static final Duration RESTART_PAUSE = Duration.ofMillis(500);

  private final ServerHome home;
  private final Launcher launcher;
  private final IntSupplier freePort;
  private final ServerLog log;
  private final ServerProcesses processes;
  private final CompletableFuture<Integer> firstReady = new CompletableFuture<>();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final Thread keeper;
  private @Nullable Process process; // guarded by this
  private volatile boolean ready;

  private PostgresServer(ServerHome home, Launcher launcher, IntSupplier freePort) {
    this.home = home;
    this.launcher = launcher;
    this.freePort = freePort;
    this.log = new ServerLog(home.log());
    this.processes = new ServerProcesses(home.data());
    this.keeper = Thread.ofPlatform().name("postgresql").daemon().unstarted(this::keepRunning);
  }

  /**
   * Starts the server and waits until it accepts connections.
   *
   * @param freePort gives a port that seems free; asked again when it turns out to be taken
   */
  static PostgresServer start(
      ServerHome home, Launcher launcher, IntSupplier freePort, Duration timeout)
      throws IOException {
    PostgresServer server = new PostgresServer(home, launcher, freePort);
    server.keeper.start();
    try {
      server.firstReady.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return server;
    } catch (TimeoutException late) {
      server.stop();
      throw StartFailure.of(
          home, "PostgreSQL (in " + timeout.toSeconds() + " s)", server.log.tail());
    } catch (ExecutionException failure) {
      server.stop();
      if (failure.getCause() instanceof IOException io) {
        throw io;
      }
      throw StartFailure.of(home, "PostgreSQL", server.log.tail());
    } catch (InterruptedException interrupted) {
      server.stop();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL started", interrupted);
    }
  }

  /** Where it listens on 127.0.0.1; stays the same when the server is started again. */
  int port() {
    return firstReady.join();
  }

  /** Stops the server and returns when its processes are gone. */
  void stop() throws IOException {
    Process running;
    synchronized (this) {
      stopAsked.countDown();
      running = process;
    }
    if (running != null && running.isAlive()) {
      processes.stop(running.toHandle());
    }
    try {
      keeper.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepRunning() {
    try {
      int port = startOnFreePort();
      for (int restarts = 1; !stopAsked(); restarts++) {
        if (restarts > MAX_RESTARTS) {
          LOG.error("PostgreSQL ended {} times; not starting it again: {}", restarts, log.tail());
          return;
        }
        LOG.warn("PostgreSQL ended by itself; starting it again");
        long started = System.nanoTime();
        runUntilEnd(port);
        if (System.nanoTime() - started > STABLE_AFTER.toNanos()) {
          restarts = 0;
        } else if (stopAsked.await(RESTART_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (IOException failure) {
      if (!firstReady.completeExceptionally(failure)) {
        LOG.error("PostgreSQL can't be started again", failure);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      firstReady.completeExceptionally(new IllegalStateException("ended"));
    }
  }

  /** Runs the server until it ends; tries another port when somebody was quicker at taking it. */
  private int startOnFreePort() throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort.getAsInt();
      runUntilEnd(port);
      boolean taken = !ready && log.tail().contains("could not bind IPv4 address");
      if (!taken || attempt == MAX_PORT_ATTEMPTS || stopAsked()) {
        if (!ready) {
          stopAsked.countDown();
        }
        return port;
      }
    }
  }

  private void runUntilEnd(int port) throws IOException, InterruptedException {
    ready = false;
    ProcessBuilder builder = Commands.builder(launcher.command(command(port)));
    final Process child;
    // Whoever asks to stop either sees this child or keeps it from being started.
    synchronized (this) {
      if (stopAsked()) {
        return;
      }
      child = builder.start();
      process = child;
    }
    child.getOutputStream().close();
    Thread ender = Thread.ofVirtual().name("postgresql-ender").start(() -> endStragglers(child));
    log.copy(
        child.getInputStream(),
        line -> {
          if (line.contains(READY)) {
            ready = true;
            firstReady.complete(port);
          }
        });
    ender.join();
  }

  /** Backends outlive a main process that was killed, and hold the log open. */
  private void endStragglers(Process child) {
    try {
      if (child.waitFor() != 0 && !stopAsked()) {
        processes.killAll();
      }
    } catch (IOException failure) {
      LOG.warn("What is left of PostgreSQL can't be ended", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stopAsked() {
    return stopAsked.getCount() == 0;
  }

  /**
   * Settings go with the command, so that a newer Yuntai brings newer ones. Durable: fsync,
   * full_page_writes and synchronous_commit keep their default, on. Small and quick to start: no
   * replication, no I/O workers, no sockets but one.
   */
  private List<String> command(int port) {
    List<String> command = new ArrayList<>();
    command.add(home.binaries().resolve("bin/postgres").toString());
    command.addAll(List.of("-D", home.data().toString(), "-p", Integer.toString(port)));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=60",
            "shared_buffers=64MB",
            "huge_pages=off",
            "io_method=sync",
            "jit=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=256MB",
            "max_worker_processes=2",
            "max_logical_replication_workers=0",
            "timezone=UTC",
            "log_timezone=UTC",
            "lc_messages=C",
            "log_destination=stderr",
            "logging_collector=off",
            "log_min_messages=warning",
            "log_checkpoints=off",
            // Statements may hold what users wrote, which no log may.
            "log_min_error_statement=panic",
            "log_line_prefix=%m [%p] ")) {
      command.add("-c");
      command.add(setting);
    }
    return command;
  }
}

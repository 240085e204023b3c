package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A {@link CountingUpstream} in a process of its own, so that it can get SIGKILL. */
final class KilledEngine implements AutoCloseable {
  private final int port;
  private Process process;

  KilledEngine(int port) {
    this.port = port;
    this.process = begin();
  }

  private Process begin() {
    try {
      Process begun =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CountingUpstream.class.getName(),
                  Integer.toString(port))
              .inheritIO()
              .start();
      while (!listens()) {
        if (!begun.isAlive()) {
          throw new BenchException("The engine did not start on port " + port + ".");
        }
        LockSupport.parkNanos(20_000_000);
      }
      return begun;
    } catch (IOException e) {
      throw new BenchException("The engine can't be started: " + e.getMessage(), e);
    }
  }

  private boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it in the middle of what it does, and starts another. */
  void kill() {
    process.destroyForcibly().onExit().join();
    process = begin();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}

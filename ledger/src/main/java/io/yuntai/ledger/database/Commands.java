package io.yuntai.ledger.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs short programs to their end, within bounds. */
final class Commands {
  private static final int MAX_OUTPUT_BYTES = 1 << 20;

  private Commands() {}

  /** What a program said and how it ended. */
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** A child's plain environment: nothing of ours (PGPORT, LANG) changes what it does or says. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.clear();
    environment.putAll(Map.of("PATH", path, "LC_ALL", "C", "TZ", "UTC"));
    return builder;
  }

  /**
   * Runs a program and waits for it.
   *
   * @throws IOException when it can't be started or outlives the timeout (it is ended then)
   */
  static Outcome run(List<String> command, Duration timeout) throws IOException {
    Process process = builder(command).start();
    process.getOutputStream().close();
    try (InputStream output = process.getInputStream()) {
      // A timer on the process's end, since reading blocks as long as the program lives.
      process
          .onExit()
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .exceptionally(late -> {
            process.destroyForcibly();
            return process;
          });
      String text = new String(output.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), text.strip());
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran", interrupted);
    }
  }

  /** Sends a signal ({@code INT}, {@code QUIT}); Java itself only knows TERM and KILL. */
  static void signal(long pid, String name) throws IOException {
    run(List.of("/bin/sh", "-c", "kill -s " + name + " " + pid), Duration.ofSeconds(5));
  }
}

package io.yuntai.ledger.database;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link DatabaseProgram} in a JVM of its own; killed when the test leaves it. */
final class DatabaseProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;

  private DatabaseProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts it; the words before the command may change its world. */
  static DatabaseProcess start(Path home, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(javaCommand());
    command.add(home.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new DatabaseProcess(builder.start());
  }

  private static List<String> javaCommand() {
    return Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            DatabaseProgram.class.getName())
        .toList();
  }

  /** The next line that it says; empty when it has ended. */
  String says() throws IOException {
    String line = output.readLine();
    return line == null ? "" : line;
  }

  String run(String sql) throws IOException {
    input.write(sql + "\n");
    input.flush();
    return says();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL, and waits for its end. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends its input, and waits for its end. */
  int stop() throws IOException, InterruptedException {
    input.close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + pid() + " does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}

package io.yuntai.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real command: the launcher, the packaged jar, a home of its own. */
final class YuntaiProcess {
  static final JsonMapper JSON = new JsonMapper();
  private static final Path LAUNCHER = Path.of("..", "yuntai").toAbsolutePath().normalize();
  private static final int TIMEOUT_SECONDS = 120;

  private final Path home;
  private final Path scratch;

  /** What a command left behind. */
  record Result(int code, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }
  }

  /**
   * @param folder for the home and the outputs of commands
   */
  YuntaiProcess(Path folder) throws IOException {
    this.home = folder.resolve("a home");
    this.scratch = Files.createDirectories(folder.resolve("scratch"));
  }

  Path home() {
    return home;
  }

  /** Runs a command to its end. */
  Result run(String... arguments) throws Exception {
    return pipe("", arguments);
  }

  /** Runs a command to its end, with this on its stdin. */
  Result pipe(String input, String... arguments) throws Exception {
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    Process process =
        builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    Result result =
        new Result(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
    assertThat(ended).as(() -> List.of(arguments) + " did not end: " + result).isTrue();
    return result;
  }

  /** A command that is about to be started. */
  ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("YUNTAI_HOME", home.toString());
    environment.put("YUNTAI_NO_BUILD", "1");
    environment.put("YUNTAI_LANG", "en");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /** Processes that have this home in their command line, whatever program they run. */
  List<ProcessHandle> left() {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> commandLine(process).contains(home.toString())).toList();
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ');
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }

  /** Ends whatever a failed test left running. */
  void endAll() {
    left().forEach(ProcessHandle::destroyForcibly);
  }
}

package io.yuntai.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How both sides' processes are started.
 *
 * @param launcher the {@code yuntai} script
 * @param llamaCpp folder with llama.cpp's worker and libraries, as {@code bench/llama.cpp/prepare}
 *     leaves it
 * @param scratch folder for logs and an empty home
 * @param threads of either
 * @param ourKernel as {@link io.yuntai.engine.kernel.KernelChoice} takes it
 * @param theirKernel the processor library that llama.cpp must use; without it, the one it finds
 *     best
 */
record Sides(
    Path launcher,
    Path llamaCpp,
    Path scratch,
    int threads,
    String ourKernel,
    @Nullable String theirKernel) {
  private static final String SYSTEM = "You are a helpful assistant.";
  private static final String QUESTION = "What is the capital of France?";
  private static final int ANSWER_SECONDS_MAX = 120;

  /** With the folders that {@code bench/run} names in system properties. */
  static Sides fromSystemProperties(int threads, String ourKernel, @Nullable String theirKernel) {
    String folder = System.getProperty("yuntai.bench.folder");
    String launcher = System.getProperty("yuntai.bench.launcher");
    if (folder == null || launcher == null) {
      throw new BenchException("start the comparison with bench/run");
    }
    return new Sides(
        Path.of(launcher),
        Path.of(folder, "llama.cpp"),
        Path.of(folder, "scratch"),
        threads,
        ourKernel,
        theirKernel);
  }

  /**
   * Yuntai's, in a JVM with the flags and classes of this one: the launcher's own. Packs the
   * weights anew.
   *
   * @param contextTokens of the longest stream
   * @param kvTokens of all streams
   */
  Worker startOurs(Path model, int contextTokens, long kvTokens)
      throws IOException, InterruptedException {
    return new Worker("Yuntai", ourCommand(model, contextTokens, kvTokens), log("yuntai.log"));
  }

  /** The same with packed weights kept on disk, as {@code yuntai run} and the server do it. */
  Worker startOursKeepingPacked(Path model, int contextTokens)
      throws IOException, InterruptedException {
    List<String> command = ourCommand(model, contextTokens, contextTokens);
    command.add(scratch.resolve("packed").resolve(model.getFileName()).toString());
    return new Worker("Yuntai", command, log("yuntai.log"));
  }

  private List<String> ourCommand(Path model, int contextTokens, long kvTokens) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(YuntaiWorker.class.getName());
    command.add(model.toAbsolutePath().toString());
    command.add(Integer.toString(threads));
    command.add(Integer.toString(contextTokens));
    command.add(Long.toString(kvTokens));
    command.add(ourKernel);
    return command;
  }

  /** llama.cpp's. */
  Worker startTheirs(Path model) throws IOException, InterruptedException {
    return new Worker("llama.cpp", theirCommand(model), log("llama.cpp.log"));
  }

  /** Seconds from the start of {@code yuntai run} to the first byte of its answer. */
  double firstTokenOfOurs(Path model) throws IOException, InterruptedException {
    // Another home than the user's, in which no server can be running that would answer instead.
    return secondsToFirstByte(
        List.of(
            launcher.toString(),
            "run",
            model.toAbsolutePath().toString(),
            QUESTION,
            "--system",
            SYSTEM,
            "--temperature",
            "0",
            "--max-tokens",
            "1",
            "--home",
            scratch.resolve("home").toString()),
        "yuntai.log");
  }

  /** The same of a process that does nothing but that with llama.cpp. */
  double firstTokenOfTheirs(Path model) throws IOException, InterruptedException {
    List<String> command = theirCommand(model);
    command.add(SYSTEM);
    command.add(QUESTION);
    return secondsToFirstByte(command, "llama.cpp.log");
  }

  private List<String> theirCommand(Path model) {
    List<String> command = new ArrayList<>();
    command.add(llamaCpp.resolve("worker").toString());
    command.add(llamaCpp.resolve("lib").toString());
    command.add(model.toAbsolutePath().toString());
    command.add(Integer.toString(threads));
    command.add(theirKernel == null ? "best" : theirKernel);
    return command;
  }

  private double secondsToFirstByte(List<String> command, String logName)
      throws IOException, InterruptedException {
    Path log = log(logName);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("YUNTAI_NO_BUILD", "1");
    long start = System.nanoTime();
    Process process = ChildProcess.start(builder);
    try (InputStream answer = process.getInputStream()) {
      int first = answer.read();
      double seconds = (System.nanoTime() - start) / 1e9;
      answer.transferTo(java.io.OutputStream.nullOutputStream());
      if (first < 0
          || !process.waitFor(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
          || process.exitValue() != 0) {
        throw new BenchException(command.getFirst() + " gave no answer; its log is " + log);
      }
      return seconds;
    } finally {
      process.destroyForcibly();
    }
  }

  private Path log(String name) throws IOException {
    Files.createDirectories(scratch);
    return scratch.resolve(name);
  }
}

package io.yuntai.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How both sides' processes are started.
 *
 * @param llamaCpp folder with llama.cpp's worker and libraries, as {@code bench/llama.cpp/prepare}
 *     leaves it
 * @param logs folder for their logs
 * @param threads of either
 * @param promptTokens of a prefill
 * @param shortPromptTokens before a decode
 * @param generatedTokens of a decode
 * @param theirKernel the processor library that llama.cpp must use; without it, the one it finds
 *     best
 */
record Sides(
    Path llamaCpp,
    Path logs,
    int threads,
    int promptTokens,
    int shortPromptTokens,
    int generatedTokens,
    @Nullable String theirKernel) {

  /** With the folder that {@code bench/run} names in {@code yuntai.bench.folder}. */
  static Sides fromSystemProperties(
      int threads,
      int promptTokens,
      int shortPromptTokens,
      int generatedTokens,
      @Nullable String theirKernel) {
    String folder = System.getProperty("yuntai.bench.folder");
    if (folder == null) {
      throw new BenchException("start the comparison with bench/run");
    }
    return new Sides(
        Path.of(folder, "llama.cpp"),
        Path.of(folder, "logs"),
        threads,
        promptTokens,
        shortPromptTokens,
        generatedTokens,
        theirKernel);
  }

  /** Yuntai's, in a JVM with the flags and classes of this one: the launcher's own. */
  Worker startOurs(Path model) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(YuntaiWorker.class.getName());
    command.add(model.toAbsolutePath().toString());
    command.add(Integer.toString(threads));
    command.add(Integer.toString(Math.max(promptTokens, shortPromptTokens + generatedTokens)));
    Files.createDirectories(logs);
    return new Worker("Yuntai", command, logs.resolve("yuntai.log"));
  }

  /** llama.cpp's. */
  Worker startTheirs(Path model) throws IOException, InterruptedException {
    Files.createDirectories(logs);
    List<String> command = new ArrayList<>();
    command.add(llamaCpp.resolve("worker").toString());
    command.add(llamaCpp.resolve("lib").toString());
    command.add(model.toAbsolutePath().toString());
    command.add(Integer.toString(threads));
    command.add(Integer.toString(promptTokens));
    command.add(Integer.toString(shortPromptTokens));
    command.add(Integer.toString(generatedTokens));
    if (theirKernel != null) {
      command.add(theirKernel);
    }
    return new Worker("llama.cpp", command, logs.resolve("llama.cpp.log"));
  }
}

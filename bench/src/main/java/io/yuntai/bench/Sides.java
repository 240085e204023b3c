package io.yuntai.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
 */
record Sides(
    Path llamaCpp,
    Path logs,
    int threads,
    int promptTokens,
    int shortPromptTokens,
    int generatedTokens) {

  /** With the folder that {@code bench/run} names in {@code yuntai.bench.folder}. */
  static Sides fromSystemProperties(
      int threads, int promptTokens, int shortPromptTokens, int generatedTokens) {
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
        generatedTokens);
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
    return new Worker(
        "llama.cpp",
        List.of(
            llamaCpp.resolve("worker").toString(),
            llamaCpp.resolve("lib").toString(),
            model.toAbsolutePath().toString(),
            Integer.toString(threads),
            Integer.toString(promptTokens),
            Integer.toString(shortPromptTokens),
            Integer.toString(generatedTokens)),
        logs.resolve("llama.cpp.log"));
  }
}

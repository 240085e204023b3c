package io.yuntai.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One side of a comparison: a process that keeps one model loaded.
 *
 * <p>The protocol is lines of text. The process says {@code fact NAME TEXT} as often as it likes,
 * then {@code ready}; to each {@link Phase#command} it answers {@code nanos T}, or a {@code T} for
 * each stream, perhaps after further facts; {@code error TEXT} at any time means that it gives up.
 * It ends at {@code quit} and at the end of its stdin, and is killed when we end. What it writes to
 * stderr goes to a log.
 */
final class Worker implements AutoCloseable {
  private static final long LOAD_SECONDS_MAX = 900;
  private static final long REPETITION_SECONDS_MAX = 900;
  private static final long END_SECONDS_MAX = 5;
  private static final int LOG_TAIL_LINES = 5;

  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedWriter orders;
  private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(64);
  private final Map<String, String> facts = new LinkedHashMap<>();

  /**
   * Starts a process and returns when it has loaded its model.
   *
   * @param name for messages
   * @param command the process's command line
   * @param log receives its stderr; replaced
   * @throws BenchException if it does not start, gives up, or is not ready in time
   */
  Worker(String name, List<String> command, Path log) throws InterruptedException {
    this.name = name;
    this.log = log;
    try {
      process = ChildProcess.start(new ProcessBuilder(command).redirectError(log.toFile()));
    } catch (IOException e) {
      throw new BenchException(name + " could not be started: " + e.getMessage() + ".", e);
    }
    orders = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("answers of " + name).start(this::readAnswers);
    try {
      awaitReady();
    } catch (RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  /** What it told of itself, by name. */
  Map<String, String> facts() {
    return Map.copyOf(facts);
  }

  /**
   * Does one repetition.
   *
   * @return in the phase's unit
   * @throws BenchException if it fails or takes too long
   */
  double measure(Phase phase) throws InterruptedException {
    return phase.value(order(phase.command()));
  }

  /**
   * Makes it fill a context.
   *
   * @return the most memory that was ever resident in the process
   * @throws BenchException if it fails, or where the system does not tell
   */
  double peakMegabytes(int contextTokens) throws InterruptedException {
    long[] _ = order("occupy " + contextTokens);
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow(() -> failure("tells no VmHWM in " + status, null))
          * 1024
          / 1e6;
    } catch (IOException e) {
      throw failure("has a memory that can't be looked at here", e);
    }
  }

  private long[] order(String order) throws InterruptedException {
    try {
      orders.write(order);
      orders.newLine();
      orders.flush();
    } catch (IOException e) {
      throw failure("ended before its work was done", e);
    }
    String answer = answerAfterFacts(REPETITION_SECONDS_MAX);
    if (!answer.matches("nanos( \\d{1,18})+")) {
      throw failure("answered '" + answer + "' to '" + order + "'", null);
    }
    return Arrays.stream(answer.split(" ")).skip(1).mapToLong(Long::parseLong).toArray();
  }

  private void awaitReady() throws InterruptedException {
    String answer = answerAfterFacts(LOAD_SECONDS_MAX);
    if (!answer.equals("ready")) {
      throw failure("said '" + answer + "' and not that it is ready", null);
    }
  }

  private String answerAfterFacts(long secondsMax) throws InterruptedException {
    String answer = answer(secondsMax);
    while (answer.startsWith("fact ")) {
      String[] words = answer.split(" ", 3);
      facts.put(words[1], words.length == 3 ? words[2] : "");
      answer = answer(secondsMax);
    }
    return answer;
  }

  private String answer(long secondsMax) throws InterruptedException {
    String answer = answers.poll(secondsMax, TimeUnit.SECONDS);
    if (answer == null) {
      throw failure("did not answer within " + secondsMax + " seconds", null);
    }
    if (answer.startsWith("error ")) {
      throw failure("gave up: " + answer.substring("error ".length()), null);
    }
    return answer;
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.put(line);
      }
      answers.put("error its process ended");
    } catch (IOException e) {
      if (!answers.offer("error " + e.getMessage())) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private BenchException failure(String what, @Nullable Throwable cause) {
    String message = name + " " + what + ". Its log " + log + " ends:" + logTail();
    return cause == null ? new BenchException(message) : new BenchException(message, cause);
  }

  private String logTail() {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.toList();
      return all.subList(Math.max(0, all.size() - LOG_TAIL_LINES), all.size()).stream()
          .map(line -> System.lineSeparator() + "  " + line)
          .reduce("", String::concat);
    } catch (IOException | UncheckedIOException e) {
      return " (it can't be read: " + e.getMessage() + ")";
    }
  }

  /** Ends the process: asked first, then killed. */
  @Override
  public void close() {
    try {
      orders.write("quit\n");
      orders.close();
    } catch (IOException e) {
      process.destroy(); // it reads no orders any more
    }
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

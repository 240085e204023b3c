package io.yuntai.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a process and all its children have used, from {@code /proc}. */
public final class ProcessTree {
  /** Clock ticks of {@code /proc/PID/stat}: 100 a second on every Linux that we run on. */
  private static final double TICKS_PER_SECOND = 100;

  private final ProcessHandle root;

  /** Of this process. */
  public ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  private List<Long> pids() {
    return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid).toList();
  }

  /** Seconds of CPU of those that live, and of those that they have waited for. */
  public double cpuSeconds() {
    double ticks = 0;
    for (long pid : pids()) {
      String stat = read("/proc/" + pid + "/stat");
      if (!stat.isEmpty()) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        for (int field = 11; field <= 14; field++) {
          ticks += Double.parseDouble(fields[field]);
        }
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Memory in MB, what is shared counted once. */
  public long memoryMegabytes() {
    long kilobytes = 0;
    for (long pid : pids()) {
      for (String line : read("/proc/" + pid + "/smaps_rollup").split("\n")) {
        if (line.startsWith("Pss:")) {
          kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return kilobytes / 1024;
  }

  /** Stops all of them, until {@link #go}. */
  void pause() throws IOException {
    signal("-STOP");
  }

  /** Lets all of them go on. */
  void go() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    pids().forEach(pid -> command.add(Long.toString(pid)));
    try {
      // One of them may have ended meanwhile; the others are told all the same.
      int ignored = new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException _) {
      return ""; // it has ended
    }
  }
}

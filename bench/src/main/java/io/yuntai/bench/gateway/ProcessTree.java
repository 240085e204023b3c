package io.yuntai.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException _) {
      return ""; // it has ended
    }
  }
}

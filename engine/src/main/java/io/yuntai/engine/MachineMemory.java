package io.yuntai.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this machine (or the container that holds us) can still give, in bytes. */
public final class MachineMemory {
  private MachineMemory() {}

  /** All of it. */
  public static long totalBytes() {
    return bean().getTotalMemorySize();
  }

  /**
   * What can be taken without pushing others out: free memory and, on Linux, caches that give way.
   */
  public static long availableBytes() {
    Path meminfo = Path.of("/proc/meminfo");
    if (Files.isReadable(meminfo)) {
      try {
        for (String line : Files.readAllLines(meminfo)) {
          if (line.startsWith("MemAvailable:")) {
            long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
            return Math.min(kilobytes * 1024, totalBytes());
          }
        }
      } catch (IOException | NumberFormatException e) {
        return bean().getFreeMemorySize();
      }
    }
    return bean().getFreeMemorySize();
  }

  private static com.sun.management.OperatingSystemMXBean bean() {
    return (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }
}

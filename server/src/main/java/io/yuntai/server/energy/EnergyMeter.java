package io.yuntai.server.energy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What this machine's processors and their memory draw, as Linux counts it (powercap, RAPL:
 * kernel.org, power/powercap/powercap.rst). Its files may be read by root alone. Safe for use by
 * many threads.
 */
public final class EnergyMeter {
  /** Where Linux has its counters. */
  public static final Path POWERCAP = Path.of("/sys/class/powercap");

  private static final Pattern PACKAGE = Pattern.compile("intel-rapl:[0-9]+");
  private static final Pattern PART = Pattern.compile("intel-rapl:[0-9]+:[0-9]+");

  private final List<Zone> zones;
  private long sum;

  private EnergyMeter(List<Zone> zones) {
    this.zones = zones;
  }

  /** A counter that begins again at zero when it is full. */
  private static final class Zone {
    private final Path counter;
    private final long full;
    private long last;

    Zone(Path folder) throws IOException {
      counter = folder.resolve("energy_uj");
      full = number(folder.resolve("max_energy_range_uj"));
      last = number(counter);
    }

    long since() throws IOException {
      long now = number(counter);
      long more = now >= last ? now - last : full - last + now;
      last = now;
      return more;
    }

    private static long number(Path file) throws IOException {
      String text = Files.readString(file).strip();
      if (!text.matches("[0-9]{1,18}")) {
        throw new IOException(file + " holds no number");
      }
      return Long.parseLong(text);
    }
  }

  /**
   * The machine's meter; empty where it has none, or where this process may not read it.
   *
   * @param powercap the folder of counters, such as {@link #POWERCAP}
   */
  public static Optional<EnergyMeter> of(Path powercap) {
    List<Zone> zones = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(powercap, "intel-rapl:*")) {
      for (Path folder : folders) {
        String id = String.valueOf(folder.getFileName());
        String name = Files.readString(folder.resolve("name")).strip();
        // A package holds its cores and its graphics; its memory stands beside it.
        if ((PACKAGE.matcher(id).matches() && name.startsWith("package"))
            || (PART.matcher(id).matches() && name.equals("dram"))) {
          zones.add(new Zone(folder));
        }
      }
    } catch (IOException _) {
      return Optional.empty();
    }
    return zones.isEmpty() ? Optional.empty() : Optional.of(new EnergyMeter(zones));
  }

  /**
   * What was drawn since this meter was made, in microjoules; right where it is asked more often
   * than a counter fills, which takes minutes.
   *
   * @throws IOException when a counter can't be read any more
   */
  public synchronized long microjoules() throws IOException {
    for (Zone zone : zones) {
      sum += zone.since();
    }
    return sum;
  }
}

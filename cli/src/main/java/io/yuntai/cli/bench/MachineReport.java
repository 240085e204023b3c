package io.yuntai.cli.bench;

import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.MachinePeak;
import io.yuntai.engine.measure.MemoryBandwidth;
import io.yuntai.engine.measure.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast the machine itself is: the limits of whatever runs on it.
 *
 * @param machine which one
 * @param rows measurements
 */
record MachineReport(Machine machine, List<Row> rows) {
  private static final String READ = "memory read";

  /**
   * One measurement.
   *
   * @param name {@link #READ}, or a peak's
   * @param threads that worked at once
   * @param perSecond bytes, or multiply-adds, of all of them together in each repetition
   */
  record Row(String name, int threads, List<Double> perSecond) {}

  /** Measures memory and every peak with 1 to {@code threadsMax} threads. */
  static MachineReport measure(int threadsMax, int repetitions, Display display) {
    Machine machine = Machine.here();
    List<Row> rows = new ArrayList<>();
    long bytes = Math.min(MemoryBandwidth.BUFFER_BYTES, MachineMemory.availableBytes() / 4);
    try (MemoryBandwidth bandwidth = new MemoryBandwidth(bytes)) {
      for (int threads = 1; threads <= threadsMax; threads++) {
        display.progress(READ + ", threads: " + threads + " ...");
        rows.add(new Row(READ, threads, bandwidth.read(threads, repetitions)));
      }
    }
    for (MachinePeak peak : MachinePeak.all()) {
      for (int threads = 1; threads <= threadsMax; threads++) {
        display.progress(peak.name() + ", threads: " + threads + " ...");
        rows.add(new Row(peak.name(), threads, peak.measure(threads, repetitions)));
      }
    }
    return new MachineReport(machine, rows);
  }

  /** The value of {@code --json}; its names are stable. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processor", machine.processor());
    json.put("cores", machine.cores());
    json.put(
        "memory_read",
        rows.stream()
            .filter(row -> row.name().equals(READ))
            .map(row -> rowJson(row, "bytes_per_second"))
            .toList());
    json.put(
        "peaks",
        rows.stream()
            .filter(row -> !row.name().equals(READ))
            .map(row -> rowJson(row, "multiply_adds_per_second"))
            .toList());
    return json;
  }

  private static Map<String, Object> rowJson(Row row, String unit) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!row.name().equals(READ)) {
      json.put("name", row.name());
    }
    json.put("threads", row.threads());
    json.put(unit, row.perSecond());
    return json;
  }

  void print(Screen screen) {
    screen.note(machine.processor() + ", cores: " + machine.cores());
    Table table =
        new Table(screen, "", "threads", "min", "median", "max", "").alignRight(1, 2, 3, 4);
    for (Row row : rows) {
      Spread spread = Spread.of(row.perSecond());
      table.row(
          row.name(),
          Integer.toString(row.threads()),
          billions(spread.min()),
          billions(spread.median()),
          billions(spread.max()),
          row.name().equals(READ) ? "GB/s" : "billion multiply-adds/s");
    }
    table.print();
  }

  private static String billions(double value) {
    return String.format(Locale.ROOT, "%.1f", value / 1e9);
  }
}

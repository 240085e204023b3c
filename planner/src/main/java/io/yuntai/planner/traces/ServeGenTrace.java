package io.yuntai.planner.traces;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.HourlySeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Rates of a service's clients in bins of ten minutes, as the project ServeGen publishes them
 * (github.com/alibaba/ServeGen, Apache-2.0; NSDI 2026): a folder with {@code chunk-N-trace.csv} for
 * each client, whose lines are {@code seconds,requests per second,coefficient of variation,pattern,
 * parameter,parameter} without a heading; a client that rests has an empty pattern.
 *
 * @param clients rates of each, all of the same length
 */
public record ServeGenTrace(List<double[]> clients) {
  /** Seconds of a bin. */
  public static final int BIN_SECONDS = 600;

  private static final int BINS_PER_HOUR = 6;
  private static final int MAX_CLIENTS = 10_000;
  private static final int MAX_BINS = 100_000;
  private static final int CELLS = 6;

  /** Checks the lengths. */
  public ServeGenTrace {
    if (clients.isEmpty()) {
      throw new PlannerException("A trace has one client at least.");
    }
    clients = clients.stream().map(double[]::clone).toList();
    for (double[] client : clients) {
      if (client.length != clients.getFirst().length) {
        throw new PlannerException(
            "A client has %d bins of ten minutes and another %d."
                .formatted(client.length, clients.getFirst().length));
      }
    }
  }

  /**
   * Reads a folder.
   *
   * @throws PlannerException with file, line and the mend
   */
  public static ServeGenTrace read(Path folder) {
    List<double[]> clients = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "chunk-*-trace.csv")) {
      List<Path> sorted = new ArrayList<>();
      files.forEach(sorted::add);
      sorted.sort(Comparator.comparing(Path::toString));
      if (sorted.isEmpty() || sorted.size() > MAX_CLIENTS) {
        throw new PlannerException(
            "%s has %d files called chunk-N-trace.csv, where 1 to %d are read."
                .formatted(folder, sorted.size(), MAX_CLIENTS));
      }
      for (Path file : sorted) {
        clients.add(client(file));
      }
    } catch (IOException e) {
      throw PlannerException.unreadable(folder, e);
    }
    return new ServeGenTrace(clients);
  }

  private static double[] client(Path file) throws IOException {
    double[] rates = new double[64];
    int bins = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (bins == MAX_BINS) {
          throw new PlannerException("%s has more than %d lines.".formatted(file, MAX_BINS));
        }
        if (bins == rates.length) {
          rates = Arrays.copyOf(rates, 2 * bins);
        }
        rates[bins] = rate(line, file + ":" + (bins + 1), (long) bins * BIN_SECONDS);
        bins++;
      }
    }
    return Arrays.copyOf(rates, bins);
  }

  private static double rate(String line, String place, long seconds) {
    String[] cells = line.split(",", -1);
    if (cells.length != CELLS) {
      throw new PlannerException(
          "%s: %d cells, where a trace has %d: seconds, rate, variation, pattern, two parameters."
              .formatted(place, cells.length, CELLS));
    }
    try {
      if (Long.parseLong(cells[0].strip()) != seconds) {
        throw new PlannerException(
            "%s: column 'seconds': '%s' should be %d; bins are of ten minutes on end."
                .formatted(place, cells[0].strip(), seconds));
      }
      double rate = cells[3].isBlank() ? 0 : Double.parseDouble(cells[1]);
      if (rate >= 0 && rate < 1e12) {
        return rate;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new PlannerException("%s: '%s' is no rate at a time.".formatted(place, line));
  }

  /** Requests a second of all clients together, in each bin. */
  public double[] bins() {
    double[] sums = new double[clients.getFirst().length];
    for (double[] client : clients) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += client[i];
      }
    }
    return sums;
  }

  /** Means of the hours, from a Monday's midnight on. */
  public HourlySeries hours() {
    double[] bins = bins();
    double[] hours = new double[bins.length / BINS_PER_HOUR];
    for (int i = 0; i < hours.length * BINS_PER_HOUR; i++) {
      hours[i / BINS_PER_HOUR] += bins[i] / BINS_PER_HOUR;
    }
    return new HourlySeries(Instant.parse("2024-01-01T00:00:00Z"), hours, 0);
  }

  /** The largest of some amounts by their mean. */
  public static double peak(double[] amounts) {
    return Arrays.stream(amounts).max().orElse(0) / Arrays.stream(amounts).average().orElse(1);
  }

  /** Share of the largest clients in all. */
  public double share(int largest) {
    double[] sums =
        clients.stream().mapToDouble(one -> Arrays.stream(one).sum()).sorted().toArray();
    double all = Arrays.stream(sums).sum();
    return Arrays.stream(sums, Math.max(0, sums.length - largest), sums.length).sum() / all;
  }
}

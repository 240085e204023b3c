package io.yuntai.planner.demand;

import io.yuntai.planner.PlannerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for in each of some hours on end.
 *
 * @param first the beginning of the first hour
 * @param amounts 0 or more each
 * @param missing how many hours nobody had counted; they have the amount of the same hour of the
 *     day before
 */
public record HourlySeries(Instant first, double[] amounts, int missing) {
  /** Ten years. */
  public static final int MAX_HOURS = 87_660;

  private static final int DAY = 24;
  private static final int MAX_LINE_CHARS = 200;

  /** Copies the amounts. */
  public HourlySeries {
    amounts = amounts.clone();
  }

  @Override
  public double[] amounts() {
    return amounts.clone();
  }

  /** How many hours. */
  public int hours() {
    return amounts.length;
  }

  /**
   * Reads lines of {@code hour,served[,refused]} below a heading: the beginning of an hour in
   * ISO-8601 with its zone, what was served, and what was asked for and refused, which counts as
   * asked for too.
   *
   * @param name of the file, for errors
   * @throws PlannerException with the line, and what to mend
   */
  public static HourlySeries read(Reader text, String name) throws IOException {
    BufferedReader lines = new BufferedReader(text);
    String heading = line(lines, name, 1);
    if (heading == null
        || !(heading.equals("hour,served") || heading.equals("hour,served,refused"))) {
      throw new PlannerException(
          "%s:1: the heading must be 'hour,served' or 'hour,served,refused'.".formatted(name));
    }
    int columns = heading.split(",", -1).length;
    List<Double> amounts = new ArrayList<>();
    Instant first = Instant.EPOCH;
    int missing = 0;
    int number = 2;
    for (String line = line(lines, name, number); line != null; line = line(lines, name, number)) {
      if (!line.isBlank()) {
        String place = name + ":" + number + ": ";
        String[] cells = line.split(",", -1);
        if (cells.length != columns) {
          throw new PlannerException(
              "%s%d cells, where the heading has %d.".formatted(place, cells.length, columns));
        }
        Instant hour = hour(cells[0].strip(), place);
        double amount = amount(cells[1], place) + (columns > 2 ? amount(cells[2], place) : 0);
        if (amounts.isEmpty()) {
          first = hour;
        }
        long index = ChronoUnit.HOURS.between(first, hour);
        if (index < amounts.size()) {
          throw new PlannerException(
              "%sthe hour %s does not come after the one before it.".formatted(place, hour));
        }
        if (index >= MAX_HOURS) {
          throw new PlannerException(
              "%smore than %d hours after the first one.".formatted(place, MAX_HOURS));
        }
        for (; amounts.size() < index; missing++) {
          int size = amounts.size();
          amounts.add(size < DAY ? amounts.getLast() : amounts.get(size - DAY));
        }
        amounts.add(amount);
      }
      number++;
    }
    double[] all = amounts.stream().mapToDouble(Double::doubleValue).toArray();
    return new HourlySeries(first, all, missing);
  }

  private static @Nullable String line(BufferedReader lines, String name, int number)
      throws IOException {
    StringBuilder line = new StringBuilder();
    int c = lines.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = lines.read()) {
      if (line.length() == MAX_LINE_CHARS) {
        throw new PlannerException(
            "%s:%d: a line of more than %d characters.".formatted(name, number, MAX_LINE_CHARS));
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private static Instant hour(String text, String place) {
    try {
      Instant instant = Instant.parse(text);
      if (instant.truncatedTo(ChronoUnit.HOURS).equals(instant)) {
        return instant;
      }
    } catch (DateTimeException _) {
      // said below
    }
    throw new PlannerException(
        "%s'%s' is no hour such as 2026-11-02T15:00:00Z.".formatted(place, text));
  }

  private static double amount(String text, String place) {
    try {
      double amount = Double.parseDouble(text.strip());
      if (amount >= 0 && amount <= 1e18) {
        return amount;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new PlannerException(
        "%s'%s' is no amount; amounts are 0 or more.".formatted(place, text.strip()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HourlySeries that
        && first.equals(that.first)
        && Arrays.equals(amounts, that.amounts)
        && missing == that.missing;
  }

  @Override
  public int hashCode() {
    return 31 * first.hashCode() + Arrays.hashCode(amounts);
  }

  @Override
  public String toString() {
    return "%d hours from %s".formatted(amounts.length, first);
  }
}

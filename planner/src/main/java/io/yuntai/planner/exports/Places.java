package io.yuntai.planner.exports;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.csv.CsvRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where sites are, by their names: towns that came with the program, and those of the user's own.
 */
public final class Places {
  private static final int MAX_PLACES = 10_000;
  private static final List<String> HEADING = List.of("name", "latitude", "longitude");

  private final Map<String, Place> byName;

  /**
   * A place.
   *
   * @param latitude in degrees, north above 0
   * @param longitude in degrees, east above 0
   */
  public record Place(double latitude, double longitude) {}

  private Places(Map<String, Place> byName) {
    this.byName = byName;
  }

  /** Towns that came with the program; their source is told in the file. */
  public static Places known() {
    try (Reader text = resource("places.csv")) {
      return new Places(read(text, "places.csv"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * These, and others of a file in their place: lines of {@code name,latitude,longitude} below that
   * heading; lines that begin with {@code #} are for people.
   *
   * @param name of the file, for errors
   * @throws PlannerException with the line, and what to mend
   */
  public Places with(Reader text, String name) throws IOException {
    Map<String, Place> all = new TreeMap<>(byName);
    all.putAll(read(text, name));
    return new Places(all);
  }

  /** Where a site is; null where nobody told. */
  public @Nullable Place of(String site) {
    return byName.get(site);
  }

  private static Map<String, Place> read(Reader text, String name) throws IOException {
    Map<String, Place> all = new TreeMap<>();
    CsvRows rows = new CsvRows(text, name);
    boolean headed = false;
    for (List<String> row = rows.next(); row != null; row = rows.next()) {
      if (row.getFirst().startsWith("#")) {
        continue;
      }
      if (!headed) {
        if (!row.equals(HEADING)) {
          throw new PlannerException(
              "%s:%d: the heading must be 'name,latitude,longitude'.".formatted(name, rows.line()));
        }
        headed = true;
        continue;
      }
      if (row.size() != HEADING.size() || all.size() == MAX_PLACES) {
        throw new PlannerException(
            "%s:%d: a place is a name and two numbers; there are %d at most."
                .formatted(name, rows.line(), MAX_PLACES));
      }
      all.put(
          row.getFirst().strip(),
          new Place(
              degrees(row.get(1), 90, name, rows.line()),
              degrees(row.get(2), 180, name, rows.line())));
    }
    return all;
  }

  private static double degrees(String cell, double most, String name, int line) {
    try {
      double value = Double.parseDouble(cell.strip());
      if (Math.abs(value) <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new PlannerException(
        "%s:%d: '%s' is no number of degrees from -%.0f to %.0f."
            .formatted(name, line, cell.strip(), most, most));
  }

  /** Rings of land as pairs of longitude and latitude. */
  static List<double[]> land() {
    List<double[]> rings = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(resource("land.txt"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] numbers = line.split("[ ,]");
          double[] ring = new double[numbers.length];
          for (int i = 0; i < ring.length; i++) {
            ring[i] = Double.parseDouble(numbers[i]);
          }
          rings.add(ring);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rings;
  }

  private static Reader resource(String name) {
    InputStream in = Objects.requireNonNull(Places.class.getResourceAsStream(name), name);
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }
}

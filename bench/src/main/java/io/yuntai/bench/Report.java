package io.yuntai.bench;

import io.yuntai.engine.measure.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that was measured on one machine, perhaps in several runs.
 *
 * @param machine where, as the last run saw it
 * @param measurements by model and scenario
 */
record Report(Machine machine, List<Measurement> measurements) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** Copies the list. */
  Report {
    measurements = List.copyOf(measurements);
  }

  /**
   * What a file holds.
   *
   * @throws BenchException if it is not such a report
   */
  static Report read(Path file) {
    try {
      return MAPPER.readValue(Files.readString(file), Report.class);
    } catch (IOException | JacksonException e) {
      throw new BenchException(file + " is no report of bench/run: " + e.getMessage(), e);
    }
  }

  /** All figures, one by one. */
  String json() {
    return MAPPER.writeValueAsString(this) + "\n";
  }

  /**
   * With what an earlier run measured and this one did not; on another machine, without it, since
   * figures of two machines say nothing beside each other.
   */
  Report after(Report earlier) {
    if (!machine.processor().equals(earlier.machine.processor())
        || machine.cores() != earlier.machine.cores()) {
      return this;
    }
    List<Measurement> all = new ArrayList<>(measurements);
    earlier.measurements.stream()
        .filter(old -> measurements.stream().noneMatch(now -> now.replaces(old)))
        .forEach(all::add);
    all.sort(
        Comparator.comparing((Measurement m) -> m.run().model())
            .thenComparing(Measurement::scenario));
    return new Report(machine, all);
  }
}

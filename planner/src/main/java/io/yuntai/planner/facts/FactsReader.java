package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads facts from TOML. A table whose values are {@code { value, unit, source, date, confidence }}
 * is a group of facts; {@code [sources]} spells out what sources are abbreviated to.
 */
public final class FactsReader {
  private static final long MAX_BYTES = 4 << 20;
  private static final String SOURCES = "sources";
  private static final Set<String> KEYS = Set.of("value", "unit", "source", "date", "confidence");

  private final String file;
  private final TomlTable sources;
  private final Map<String, Fact> facts = new TreeMap<>();

  private FactsReader(String file, TomlTable sources) {
    this.file = file;
    this.sources = sources;
  }

  /** A file of the program's own. */
  static Map<String, Fact> resource(String name) {
    try (InputStream in = Objects.requireNonNull(FactsReader.class.getResourceAsStream(name))) {
      return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A user's file.
   *
   * @throws PlannerException with file, line, column and the mend
   */
  public static Map<String, Fact> file(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new PlannerException("%s is longer than %d bytes.".formatted(path, MAX_BYTES));
      }
      return parse(path.toString(), Files.readString(path));
    } catch (IOException e) {
      throw PlannerException.unreadable(path, e);
    }
  }

  /** A file's text. */
  static Map<String, Fact> parse(String file, String text) {
    TomlParseResult toml = toml(file, text);
    if (toml.hasErrors()) {
      var first = toml.errors().getFirst();
      throw new PlannerException(
          "%s%s: %s.".formatted(file, place(first.position()), first.getMessage()));
    }
    TomlTable sources = toml.isTable(SOURCES) ? toml.getTableOrEmpty(SOURCES) : Toml.parse("");
    FactsReader reader = new FactsReader(file, sources);
    reader.table("", toml);
    return reader.facts;
  }

  private static TomlParseResult toml(String file, String text) {
    try {
      return Toml.parse(text);
    } catch (RuntimeException | AssertionError _) {
      // Where quotes are broken several times over, the parser fails by its own assertions.
      throw new PlannerException(file + " is not TOML.");
    }
  }

  private void table(String path, TomlTable table) {
    for (String key : table.keySet()) {
      if (path.isEmpty() && key.equals(SOURCES)) {
        continue;
      }
      Object value = Objects.requireNonNull(table.get(List.of(key)));
      String name = path.isEmpty() ? key : path + "." + key;
      TomlPosition position = table.inputPositionOf(List.of(key));
      if (!(value instanceof TomlTable inner)) {
        throw at(
            position,
            "'%s' must be a number with { value, unit, source, date, confidence }".formatted(name));
      }
      if (inner.contains("value")) {
        facts.put(name, fact(name, inner, position));
      } else {
        table(name, inner);
      }
    }
  }

  private Fact fact(String name, TomlTable table, @Nullable TomlPosition position) {
    for (String key : table.keySet()) {
      if (!KEYS.contains(key)) {
        throw at(
            position,
            "'%s' of %s is none of: value, unit, source, date, confidence".formatted(key, name));
      }
    }
    if (!(table.get("value") instanceof Number value)) {
      throw at(position, "the value of %s must be a number".formatted(name));
    }
    String source = text(name, table, "source", position);
    try {
      return new Fact(
          name,
          value.doubleValue(),
          Unit.of(text(name, table, "unit", position)),
          sources.get(List.of(source)) instanceof String spelled ? spelled : source,
          YearMonth.parse(text(name, table, "date", position)),
          Confidence.of(text(name, table, "confidence", position)));
    } catch (DateTimeException _) {
      throw at(position, "the date of %s must be a year and month such as 2026-03".formatted(name));
    } catch (PlannerException e) {
      throw new PlannerException(file + place(position) + ": " + e.getMessage());
    }
  }

  private String text(String name, TomlTable table, String key, @Nullable TomlPosition position) {
    if (table.get(List.of(key)) instanceof String text) {
      return text;
    }
    throw at(position, "%s needs a text for '%s'".formatted(name, key));
  }

  private PlannerException at(@Nullable TomlPosition position, String what) {
    return new PlannerException(file + place(position) + ": " + what + ".");
  }

  private static String place(@Nullable TomlPosition position) {
    return position == null ? "" : ":" + position.line() + ":" + position.column();
  }
}

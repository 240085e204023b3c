package io.yuntai.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of a TOML file, read key by key. What is wrong is noted with its place and reading goes
 * on, so that all of a file's faults are told at once. For one thread.
 */
public final class TomlSection {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Duration MAX_DURATION = Duration.ofDays(1);

  private final TomlTable table;
  private final String path;
  private final @Nullable TomlPosition position;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** What is wrong with a file. */
  public static final class Problems {
    private final String file;
    private final List<String> sentences = new ArrayList<>();

    /** Of this file. */
    public Problems(String file) {
      this.file = file;
    }

    /** Notes one. */
    public void add(@Nullable TomlPosition at, String sentence) {
      String place = at == null ? "" : ":" + at.line() + ":" + at.column();
      sentences.add(file + place + ": " + sentence);
    }

    /** All of them, in the order in which they were found. */
    public List<String> sentences() {
      return sentences;
    }
  }

  /**
   * A table of a file.
   *
   * @param path its name; empty for the file itself
   * @param position where it stands; null for the file itself
   */
  public TomlSection(
      TomlTable table, String path, @Nullable TomlPosition position, Problems problems) {
    this.table = table;
    this.path = path;
    this.position = position;
    this.problems = problems;
  }

  /** Notes what is wrong with a key, or with the table where it has no such key. */
  public void problem(String key, String sentence) {
    TomlPosition at = table.get(List.of(key)) == null ? null : table.inputPositionOf(List.of(key));
    problems.add(at == null ? position : at, sentence);
  }

  /** A key's full name, for sentences. */
  public String nameOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether a key is there. */
  public boolean has(String key) {
    return table.get(List.of(key)) != null;
  }

  private <T> Optional<T> value(String key, Class<T> type, String expected) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return Optional.empty();
    }
    if (type.isInstance(value)) {
      return Optional.of(type.cast(value));
    }
    problem(key, "'%s' must be %s.".formatted(nameOf(key), expected));
    return Optional.empty();
  }

  /** A text that may be left out. */
  public Optional<String> text(String key) {
    Optional<String> text = value(key, String.class, "a text in quotes");
    if (text.isPresent() && text.get().isBlank()) {
      problem(key, "'%s' must not be empty.".formatted(nameOf(key)));
      return Optional.empty();
    }
    return text;
  }

  /** A text that must be there. */
  public Optional<String> required(String key, String example) {
    Optional<String> text = text(key);
    if (text.isEmpty() && !has(key)) {
      problem(key, "'%s' is missing, such as %s = \"%s\".".formatted(nameOf(key), key, example));
    }
    return text;
  }

  /** A whole number within bounds. */
  public int integer(String key, int min, int max, int otherwise) {
    Optional<Long> number = value(key, Long.class, "a whole number");
    if (number.isPresent() && (number.get() < min || number.get() > max)) {
      problem(
          key,
          "'%s' is %d, but must be from %d to %d.".formatted(nameOf(key), number.get(), min, max));
      return otherwise;
    }
    return number.map(Long::intValue).orElse(otherwise);
  }

  /** True or false. */
  public boolean flag(String key, boolean otherwise) {
    return value(key, Boolean.class, "true or false").orElse(otherwise);
  }

  /** A number from 0 to 1. */
  public double fraction(String key, double otherwise) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    problem(key, "'%s' must be a number from 0 to 1.".formatted(nameOf(key)));
    return otherwise;
  }

  /** A time of at most a day. */
  public Duration duration(String key, Duration otherwise) {
    return duration(key, otherwise, MAX_DURATION);
  }

  /** A time of at most so much. */
  public Duration duration(String key, Duration otherwise, Duration most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text.get());
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration read =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (!read.isZero() && read.compareTo(most) <= 0) {
        return read;
      }
    }
    problem(
        key,
        "'%s' is \"%s\", but must be a time such as \"500ms\", \"30s\" or \"10m\", of %s at most."
            .formatted(
                nameOf(key),
                text.get(),
                most.equals(MAX_DURATION) ? "a day" : most.toDays() + " days"));
    return otherwise;
  }

  /** Short lower-case words. */
  public Set<String> tags(String key) {
    Optional<TomlArray> array = value(key, TomlArray.class, "a list such as [\"eu\"]");
    Set<String> tags = new LinkedHashSet<>();
    for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
      if (array.get().get(i) instanceof String tag && tag.matches("[A-Za-z0-9_-]{1,32}")) {
        tags.add(tag.toLowerCase(Locale.ROOT));
      } else {
        problems.add(
            array.get().inputPositionOf(i),
            "'%s' holds words of letters, digits, '-' and '_', each in quotes."
                .formatted(nameOf(key)));
      }
    }
    return tags;
  }

  /** A list of texts; empty where it is left out. */
  public List<String> texts(String key) {
    Optional<TomlArray> array = value(key, TomlArray.class, "a list such as [\"example.com\"]");
    List<String> texts = new ArrayList<>();
    for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
      if (array.get().get(i) instanceof String text && !text.isBlank()) {
        texts.add(text);
      } else {
        problems.add(
            array.get().inputPositionOf(i), "'%s' holds texts in quotes.".formatted(nameOf(key)));
      }
    }
    return texts;
  }

  /** A table below this one. */
  public Optional<TomlSection> section(String key) {
    return value(key, TomlTable.class, "a table")
        .map(inner ->
            new TomlSection(inner, nameOf(key), table.inputPositionOf(List.of(key)), problems));
  }

  /** The tables below a key, by name, in the file's order. */
  public Map<String, TomlSection> sections(String key) {
    Map<String, TomlSection> found = new LinkedHashMap<>();
    section(key)
        .ifPresent(outer ->
            outer
                .table
                .keySet()
                .forEach(name -> outer.section(name).ifPresent(inner -> found.put(name, inner))));
    return found;
  }

  /** An array of tables. */
  public List<TomlSection> list(String key) {
    Optional<TomlArray> array =
        value(key, TomlArray.class, "a list of tables, [[" + path + "." + key + "]]");
    List<TomlSection> found = new ArrayList<>();
    for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
      String name = nameOf(key) + "[" + i + "]";
      if (array.get().get(i) instanceof TomlTable inner) {
        found.add(new TomlSection(inner, name, array.get().inputPositionOf(i), problems));
      } else {
        problems.add(array.get().inputPositionOf(i), "'%s' must be a table.".formatted(name));
      }
    }
    return found;
  }

  /** A key that others read. */
  public void leave(String key) {
    known.add(key);
  }

  /** Notes the keys that nobody asked for. */
  public void refuseUnknown() {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        problem(
            key,
            "'%s' is not known here; known are %s."
                .formatted(nameOf(key), String.join(", ", known)));
      }
    }
  }
}

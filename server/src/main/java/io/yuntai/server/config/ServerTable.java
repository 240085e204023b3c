package io.yuntai.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The table {@code [server]} of a configuration file.
 *
 * @param file where it stands
 * @param values by key, in the file's order
 */
public record ServerTable(Path file, Map<String, Value> values) {
  /** The table's name. */
  public static final String NAME = "server";

  private static final long MAX_BYTES = 4 << 20;

  /** Copies what could change. */
  public ServerTable {
    values = new LinkedHashMap<>(values);
  }

  /**
   * What a key says.
   *
   * @param texts one, or those of a list
   * @param line where it says so, from 1
   * @param column where it says so, from 1
   */
  public record Value(List<String> texts, int line, int column) {
    /** Copies the list. */
    public Value {
      texts = List.copyOf(texts);
    }
  }

  /**
   * Reads a file; a file without the table has an empty one.
   *
   * @throws IllegalArgumentException with a sentence for the user, with line and column
   */
  public static ServerTable read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "%s is longer than %d bytes.".formatted(file, MAX_BYTES));
      }
      return parse(file, Toml.parse(Files.readString(file)));
    } catch (IOException e) {
      throw new IllegalArgumentException("%s can't be read: %s.".formatted(file, e), e);
    }
  }

  private static ServerTable parse(Path file, TomlParseResult toml) {
    if (toml.hasErrors()) {
      throw at(
          file,
          toml.errors().getFirst().position(),
          String.valueOf(toml.errors().getFirst().getMessage()) + ".");
    }
    Map<String, Value> values = new LinkedHashMap<>();
    Object found = toml.get(List.of(NAME));
    if (found == null) {
      return new ServerTable(file, values);
    }
    if (!(found instanceof TomlTable table)) {
      throw at(file, toml.inputPositionOf(List.of(NAME)), "'server' must be a table.");
    }
    for (String key : table.keySet()) {
      TomlPosition place = table.inputPositionOf(List.of(key));
      List<String> texts = texts(table.get(List.of(key)));
      if (texts == null) {
        throw at(
            file,
            place,
            "'server.%s' must be a text, a number, true or false, or a list of these."
                .formatted(key));
      }
      values.put(
          key,
          new Value(texts, place == null ? 0 : place.line(), place == null ? 0 : place.column()));
    }
    return new ServerTable(file, values);
  }

  /** Null for what is no value of a setting. */
  private static @Nullable List<String> texts(@Nullable Object value) {
    if (!(value instanceof TomlArray array)) {
      return value instanceof String || value instanceof Number || value instanceof Boolean
          ? List.of(value.toString())
          : null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      List<String> element = array.get(i) instanceof TomlArray ? null : texts(array.get(i));
      if (element == null) {
        return null;
      }
      texts.addAll(element);
    }
    return texts;
  }

  private static IllegalArgumentException at(
      Path file, @Nullable TomlPosition position, String sentence) {
    String place = position == null ? "" : ":" + position.line() + ":" + position.column();
    return new IllegalArgumentException(file + place + ": " + sentence);
  }
}

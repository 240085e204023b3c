package io.yuntai.engine.checkpoint;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.json.JsonException;
import io.yuntai.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a checkpoint's files, read by type. A field that is {@code null} counts as
 * missing; one of another type or out of range is a {@link ModelFormatException} that names the
 * file and the field.
 */
final class Fields {
  private final String file;
  private final Map<String, @Nullable Object> values;

  Fields(String file, Map<String, @Nullable Object> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * The object in a file of a folder; empty where there is no such file.
   *
   * @throws ModelFormatException if it is no JSON object or larger than {@code maxBytes}
   */
  static Optional<Fields> read(Path folder, String name, long maxBytes) throws IOException {
    Optional<String> text = text(folder, name, maxBytes);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Fields(name, JsonReader.parseObject(text.get())));
    } catch (JsonException e) {
      throw new ModelFormatException(name + " is damaged: " + e.getMessage(), e);
    }
  }

  /** A whole text file of a folder. */
  static Optional<String> text(Path folder, String name, long maxBytes) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > maxBytes) {
      throw new ModelFormatException(
          "%s has %d bytes; at most %d are read".formatted(name, Files.size(file), maxBytes));
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(name + " is not UTF-8", e);
    }
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  Optional<Object> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** A whole number from {@code min} to {@code max}. */
  long whole(String key, long min, long max) {
    Object value = values.get(key);
    if (value instanceof Long number && number >= min && number <= max) {
      return number;
    }
    throw value == null
        ? refuse(key + " is missing")
        : refuse("%s is %s, no whole number from %d to %d".formatted(key, value, min, max));
  }

  /** The same, or {@code otherwise} where it is missing. */
  long whole(String key, long min, long max, long otherwise) {
    return has(key) ? whole(key, min, max) : otherwise;
  }

  /** A number. */
  double real(String key, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (values.get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refuse("%s is %s, no number".formatted(key, values.get(key)));
  }

  /** A number. */
  double real(String key) {
    if (!has(key)) {
      throw refuse(key + " is missing");
    }
    return real(key, 0);
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (values.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw refuse("%s is %s, neither true nor false".formatted(key, values.get(key)));
  }

  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (values.get(key) instanceof String text) {
      return Optional.of(text);
    }
    throw refuse("%s is %s, no string".formatted(key, abbreviated(values.get(key))));
  }

  /** An object in this one. */
  Optional<Fields> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (values.get(key) instanceof Map<?, ?> map) {
      return Optional.of(nested(key, map));
    }
    throw refuse("%s is %s, no object".formatted(key, abbreviated(values.get(key))));
  }

  @SuppressWarnings("unchecked") // JsonReader makes no other maps
  private Fields nested(String key, Map<?, ?> map) {
    return new Fields(file + ": " + key, (Map<String, @Nullable Object>) map);
  }

  /** The objects of an array. */
  List<Fields> objects(String key) {
    return list(key).stream()
        .map(each -> {
          if (each instanceof Map<?, ?> map) {
            return nested(key, map);
          }
          throw refuse("%s holds %s, no object".formatted(key, abbreviated(each)));
        })
        .toList();
  }

  /** An array; empty where it is missing. */
  List<@Nullable Object> list(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (values.get(key) instanceof List<?> list) {
      @SuppressWarnings("unchecked") // JsonReader makes no other lists
      List<@Nullable Object> typed = (List<@Nullable Object>) list;
      return typed;
    }
    throw refuse("%s is %s, no array".formatted(key, abbreviated(values.get(key))));
  }

  Map<String, @Nullable Object> values() {
    return values;
  }

  /** A refusal of the file: its name and a clause. */
  ModelFormatException refuse(String clause) {
    return new ModelFormatException(file + ": " + clause);
  }

  /** Refuses a setting that this engine would not follow, unless it has one of these values. */
  void require(String key, Object... allowed) {
    Object value = values.get(key);
    if (value != null && !List.of(allowed).contains(value)) {
      throw refuse(
          "%s is %s, which is not supported; only %s is"
              .formatted(key, abbreviated(value), List.of(allowed).getFirst()));
    }
  }

  private static String abbreviated(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}

package io.yuntai.engine.grammar.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value; equal as JSON Schema means it: numbers by value, objects without order. */
public sealed interface JsonValue {
  /** {@code null}. */
  record JsonNull() implements JsonValue {}

  /** {@code true} or {@code false}. */
  record JsonBoolean(boolean value) implements JsonValue {}

  /** A number, exactly. */
  record JsonNumber(BigDecimal value) implements JsonValue {
    /** Numbers of one value are equal however they are written. */
    public JsonNumber {
      value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** Whether it is an integer; 1.0 is. */
    public boolean isInteger() {
      return value.scale() <= 0;
    }
  }

  /** A string. */
  record JsonText(String value) implements JsonValue {}

  /** An array. */
  record JsonArray(List<JsonValue> items) implements JsonValue {
    /** Copies the list. */
    public JsonArray {
      items = List.copyOf(items);
    }
  }

  /** An object, in its order. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    /** Copies the map. */
    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /**
   * A value as parsers give it.
   *
   * @param parsed null, Boolean, Number, String, List or Map with names
   * @throws IllegalArgumentException for anything else
   */
  static JsonValue of(@Nullable Object parsed) {
    return switch (parsed) {
      case null -> new JsonNull();
      case Boolean flag -> new JsonBoolean(flag);
      case BigDecimal number -> new JsonNumber(number);
      case BigInteger number -> new JsonNumber(new BigDecimal(number));
      case Double number -> new JsonNumber(BigDecimal.valueOf(number));
      case Integer number -> new JsonNumber(BigDecimal.valueOf(number));
      case Long number -> new JsonNumber(BigDecimal.valueOf(number));
      case String text -> new JsonText(text);
      case List<?> list -> {
        List<JsonValue> items = new ArrayList<>(list.size());
        for (Object item : list) {
          items.add(of(item));
        }
        yield new JsonArray(items);
      }
      case Map<?, ?> map -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          members.put(String.valueOf(entry.getKey()), of(entry.getValue()));
        }
        yield new JsonObject(members);
      }
      default -> throw new IllegalArgumentException("not parsed JSON: " + parsed.getClass());
    };
  }
}

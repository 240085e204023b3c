package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.schema.JsonValue.JsonArray;
import io.yuntai.engine.grammar.schema.JsonValue.JsonBoolean;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNull;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNumber;
import io.yuntai.engine.grammar.schema.JsonValue.JsonObject;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.util.Locale;
import java.util.Optional;

/** The types that {@code type} names. Integers are numbers. */
public enum JsonType {
  NULL,
  BOOLEAN,
  INTEGER,
  NUMBER,
  STRING,
  ARRAY,
  OBJECT;

  static Optional<JsonType> named(String name) {
    for (JsonType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  boolean includes(JsonValue value) {
    return switch (this) {
      case NULL -> value instanceof JsonNull;
      case BOOLEAN -> value instanceof JsonBoolean;
      case INTEGER -> value instanceof JsonNumber number && number.isInteger();
      case NUMBER -> value instanceof JsonNumber;
      case STRING -> value instanceof JsonText;
      case ARRAY -> value instanceof JsonArray;
      case OBJECT -> value instanceof JsonObject;
    };
  }
}

package io.yuntai.engine.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Random schemas of the keywords that are held, and random values, of so few names, texts and
 * numbers that values satisfy schemas about as often as not. In the form that {@code JsonValue.of}
 * and Jackson take.
 */
final class RandomSchemas {
  private static final List<String> NAMES = List.of("a", "b", "ab", "ba", "c d", "é");
  private static final List<String> TEXTS =
      List.of("", "a", "b", "ab", "aab", "abba", "é", "😀a", "c d", "\"\\", "2024-02-29", "::1");
  private static final List<String> PATTERNS =
      List.of("^a", "b$", "^(a|b)*$", "a{2}", "^[^b]?$", "é|^$", "^\\p{L}+$", "[^ab]");

  /**
   * All that are held but two, of which the validator takes less than it should: {@code email}
   * under domains that it knows, {@code json-pointer} without number signs.
   */
  private static final List<String> FORMATS =
      List.of("date", "time", "date-time", "duration", "hostname", "ipv4", "ipv6", "uri", "uuid");

  private static final List<BigDecimal> NUMBERS =
      List.of("-2", "-0.5", "0", "0.25", "1", "1.5", "2", "3", "10", "12").stream()
          .map(BigDecimal::new)
          .toList();
  private static final List<BigDecimal> DIVISORS =
      List.of("1", "0.5", "2", "3", "0.25", "10").stream().map(BigDecimal::new).toList();

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  /** A schema with definitions that its references lead to. */
  Object schema() {
    Object schema = schema(3);
    if (schema instanceof Map<?, ?> map) {
      Map<String, Object> root = new LinkedHashMap<>();
      map.forEach((key, value) -> root.put(String.valueOf(key), value));
      root.put("$defs", Map.of("x", schema(2), "y", schema(1), "plain", schema(0)));
      return root;
    }
    return schema;
  }

  private Object schema(int depth) {
    if (oneIn(15)) {
      return random.nextInt(4) != 0;
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (oneIn(10)) {
      schema.put("type", several(List.of("null", "boolean", "integer", "string", "array"), 2));
      return schema;
    }
    for (int parts = random.nextInt(10) == 0 ? 2 : 1; parts > 0; parts--) {
      switch (random.nextInt(depth == 0 ? 5 : 12)) {
        case 0 -> strings(schema);
        case 1, 2 -> numbers(schema);
        case 3 -> schema.put("enum", values(1 + random.nextInt(4)));
        case 4 -> schema.put("const", orNull(value(1)));
        case 5, 6 -> arrays(schema, depth - 1);
        case 7, 8, 9 -> objects(schema, depth - 1);
        case 10 -> combinations(schema, depth - 1);
        default -> references(schema);
      }
    }
    if (schema.containsKey("uniqueItems")) {
      // The validator looks for equal values in objects, too.
      schema.put("type", "array");
    }
    return schema;
  }

  private void strings(Map<String, Object> schema) {
    type(schema, "string");
    maybe(schema, "minLength", () -> random.nextInt(3));
    maybe(schema, "maxLength", () -> 1 + random.nextInt(4));
    maybe(schema, "pattern", () -> pick(PATTERNS));
    if (oneIn(5)) {
      schema.put("format", pick(FORMATS));
    }
  }

  private void numbers(Map<String, Object> schema) {
    type(schema, random.nextBoolean() ? "integer" : "number");
    maybe(schema, "minimum", () -> pick(NUMBERS));
    maybe(schema, "exclusiveMaximum", () -> pick(NUMBERS));
    maybe(schema, "exclusiveMinimum", () -> pick(NUMBERS));
    maybe(schema, "maximum", () -> pick(NUMBERS));
    maybe(schema, "multipleOf", () -> pick(DIVISORS));
  }

  private void arrays(Map<String, Object> schema, int depth) {
    type(schema, "array");
    maybe(schema, "minItems", () -> random.nextInt(3));
    maybe(schema, "maxItems", () -> 1 + random.nextInt(3));
    if (oneIn(4)) {
      schema.put("items", Map.of("enum", values(4)));
      schema.put("uniqueItems", true);
      return;
    }
    maybe(schema, "items", () -> schema(depth));
    maybe(schema, "prefixItems", () -> schemas(depth, 1 + random.nextInt(2)));
    maybe(schema, "contains", () -> schema(0));
    if (schema.containsKey("contains")) {
      maybe(schema, "minContains", () -> random.nextInt(3));
    }
  }

  private void objects(Map<String, Object> schema, int depth) {
    type(schema, "object");
    maybe(schema, "properties", () -> named(depth));
    maybe(schema, "required", () -> several(NAMES, 2));
    maybe(schema, "additionalProperties", () -> random.nextBoolean() ? false : schema(depth));
    if (oneIn(3)) {
      schema.put("maxProperties", random.nextInt(4));
    } else if (oneIn(3)) {
      schema.put("minProperties", random.nextInt(3));
    } else if (oneIn(4)) {
      schema.put("dependentRequired", Map.of(pick(NAMES), several(NAMES, 2)));
    }
    if (oneIn(4)) {
      schema.put("patternProperties", Map.of(pick(PATTERNS), schema(depth)));
    }
    if (oneIn(6)) {
      schema.put("propertyNames", Map.of("pattern", pick(PATTERNS)));
    }
    if (oneIn(6)) {
      schema.put("dependentSchemas", Map.of(pick(NAMES), schema(depth)));
    }
  }

  /** References that lead back only from within a value: others mean nothing. */
  private void references(Map<String, Object> schema) {
    String anywhere = pick(List.of("#/$defs/x", "#/$defs/y", "#"));
    switch (random.nextInt(3)) {
      case 0 -> schema.put("$ref", "#/$defs/plain");
      case 1 -> schema.put("items", Map.of("$ref", anywhere));
      default -> schema.put("properties", Map.of(pick(NAMES), Map.of("$ref", anywhere)));
    }
  }

  private void combinations(Map<String, Object> schema, int depth) {
    switch (random.nextInt(5)) {
      case 0 -> schema.put("anyOf", schemas(depth, 2));
      case 1 -> schema.put("oneOf", schemas(depth, 2));
      case 2 -> schema.put("allOf", schemas(depth, 2));
      case 3 -> schema.put("not", schema(0));
      default -> {
        schema.put("if", schema(0));
        maybe(schema, "then", () -> schema(depth));
        maybe(schema, "else", () -> schema(depth));
      }
    }
  }

  /** Any value. */
  @Nullable Object value(int depth) {
    return switch (random.nextInt(depth == 0 ? 7 : 13)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2, 3, 4 -> pick(NUMBERS);
      case 5, 6 -> pick(TEXTS);
      case 7, 8, 9 -> {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(orNull(value(depth - 1)));
        }
        yield items;
      }
      default -> {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.put(pick(NAMES), orNull(value(depth - 1)));
        }
        yield members;
      }
    };
  }

  /** A value like another, but for one place. */
  @Nullable Object changed(@Nullable Object value) {
    if (value instanceof List<?> items && !items.isEmpty() && !oneIn(4)) {
      List<Object> all = new ArrayList<>(items);
      int at = random.nextInt(all.size());
      switch (random.nextInt(3)) {
        case 0 -> all.remove(at);
        case 1 -> all.add(at, orNull(value(1)));
        default -> all.set(at, orNull(changed(all.get(at))));
      }
      return all;
    }
    if (value instanceof Map<?, ?> members && !members.isEmpty() && !oneIn(4)) {
      Map<String, Object> all = new LinkedHashMap<>();
      members.forEach((key, member) -> all.put(String.valueOf(key), orNull(member)));
      String name = pick(List.copyOf(all.keySet()));
      switch (random.nextInt(3)) {
        case 0 -> all.remove(name);
        case 1 -> all.put(pick(NAMES), orNull(value(1)));
        default -> all.put(name, orNull(changed(all.get(name))));
      }
      return all;
    }
    return value(2);
  }

  private Map<String, Object> named(int depth) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (String name : several(NAMES, 3)) {
      properties.put(name, schema(depth));
    }
    return properties;
  }

  private List<Object> schemas(int depth, int count) {
    List<Object> schemas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      schemas.add(schema(depth));
    }
    return schemas;
  }

  private List<Object> values(int count) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(orNull(value(oneIn(4) ? 1 : 0)));
    }
    return values.stream().distinct().toList();
  }

  /** Collections here hold no null; {@link #NULL} stands for it until it is written. */
  private static Object orNull(@Nullable Object value) {
    return value == null ? NULL : value;
  }

  /** What JSON's null is inside of values. */
  static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private void type(Map<String, Object> schema, String type) {
    if (!oneIn(5)) {
      schema.put("type", type);
    }
  }

  private void maybe(Map<String, Object> schema, String keyword, Supplier<Object> value) {
    if (oneIn(3)) {
      schema.put(keyword, value.get());
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private <T> List<T> several(List<T> all, int most) {
    List<T> some = new ArrayList<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      some.add(pick(all));
    }
    return some.stream().distinct().toList();
  }
}

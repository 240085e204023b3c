package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One place of a schema with its keywords. Filled by {@link SchemaReader}, then never changed;
 * compared by identity, for there is one for each place.
 */
final class SchemaNode {
  static final int UNBOUNDED = -1;

  /** A JSON Pointer in URI fragment form, such as {@code #/properties/name}. */
  final String pointer;

  /** The order in which places were first met. */
  final int number;

  /** {@code true} or {@code false} in place of keywords, or null. */
  @Nullable Boolean always;

  @Nullable Set<JsonType> types;
  @Nullable List<JsonValue> values;

  @Nullable SchemaNode reference;
  final List<SchemaNode> allOf = new ArrayList<>();
  List<SchemaNode> anyOf = List.of();
  List<SchemaNode> oneOf = List.of();
  @Nullable SchemaNode not;
  @Nullable SchemaNode condition;
  @Nullable SchemaNode then;
  @Nullable SchemaNode otherwise;
  final Map<String, SchemaNode> dependentSchemas = new LinkedHashMap<>();

  int minLength;
  int maxLength = UNBOUNDED;
  @Nullable Dfa pattern;
  @Nullable Dfa format;

  @Nullable BigDecimal minimum;
  @Nullable BigDecimal exclusiveMinimum;
  @Nullable BigDecimal maximum;
  @Nullable BigDecimal exclusiveMaximum;
  @Nullable BigDecimal multipleOf;

  /** Plain decimals among which a number must be; only in places that {@link Negation} made. */
  @Nullable Dfa spellings;

  List<SchemaNode> prefixItems = List.of();
  @Nullable SchemaNode items;
  int minItems;
  int maxItems = UNBOUNDED;
  boolean uniqueItems;
  @Nullable SchemaNode contains;
  int minContains = 1;
  int maxContains = UNBOUNDED;

  final Map<String, SchemaNode> properties = new LinkedHashMap<>();
  final List<PatternProperty> patternProperties = new ArrayList<>();
  @Nullable SchemaNode additionalProperties;
  @Nullable SchemaNode propertyNames;
  final Set<String> required = new LinkedHashSet<>();
  final Map<String, List<String>> dependentRequired = new LinkedHashMap<>();
  int minProperties;
  int maxProperties = UNBOUNDED;

  /** A schema for the values of properties whose names match. */
  record PatternProperty(Dfa names, SchemaNode value) {}

  SchemaNode(String pointer, int number) {
    this.pointer = pointer;
    this.number = number;
  }

  boolean allows(JsonType type) {
    return types == null || types.contains(type);
  }

  Set<JsonType> typesOrAll() {
    return types == null ? EnumSet.allOf(JsonType.class) : types;
  }
}

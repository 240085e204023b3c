package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.schema.JsonValue.JsonArray;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNumber;
import io.yuntai.engine.grammar.schema.JsonValue.JsonObject;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a value satisfies a schema, keyword by keyword; for the finitely many values of {@code
 * enum} and {@code const}, where every keyword beside them can be held exactly.
 */
final class Validator {
  /** Beyond it a value counts as invalid: a reference that leads to itself has no end. */
  private static final int MAX_DEPTH = 200;

  private final @Nullable SchemaNode without;

  private Validator(@Nullable SchemaNode without) {
    this.without = without;
  }

  static boolean isValid(SchemaNode node, JsonValue value) {
    return isValid(node, value, null);
  }

  /**
   * The same as if one place had no {@code oneOf}.
   *
   * @param without the place; null for none
   */
  static boolean isValid(SchemaNode node, JsonValue value, @Nullable SchemaNode without) {
    return new Validator(without).isValid(node, value, 0);
  }

  private boolean isValid(SchemaNode node, JsonValue value, int depth) {
    if (node.always != null) {
      return node.always;
    }
    if (depth > MAX_DEPTH) {
      return false;
    }
    List<JsonValue> values = node.values;
    return (node.types == null || node.types.stream().anyMatch(type -> type.includes(value)))
        && (values == null || values.contains(value))
        && combines(node, value, depth + 1)
        && switch (value) {
          case JsonText(String text) -> text(node, text);
          case JsonNumber(BigDecimal number) -> number(node, number);
          case JsonArray(List<JsonValue> items) -> array(node, items, depth + 1);
          case JsonObject(Map<String, JsonValue> members) -> object(node, members, depth + 1);
          default -> true;
        };
  }

  private boolean combines(SchemaNode node, JsonValue value, int depth) {
    if (node.reference != null && !isValid(node.reference, value, depth)) {
      return false;
    }
    if (!node.allOf.stream().allMatch(all -> isValid(all, value, depth))) {
      return false;
    }
    if (!node.anyOf.isEmpty() && node.anyOf.stream().noneMatch(any -> isValid(any, value, depth))) {
      return false;
    }
    if (!node.oneOf.isEmpty()
        && !node.equals(without)
        && node.oneOf.stream().filter(one -> isValid(one, value, depth)).count() != 1) {
      return false;
    }
    if (node.not != null && isValid(node.not, value, depth)) {
      return false;
    }
    if (node.condition == null) {
      return true;
    }
    SchemaNode branch = isValid(node.condition, value, depth) ? node.then : node.otherwise;
    return branch == null || isValid(branch, value, depth);
  }

  private static boolean text(SchemaNode node, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= node.minLength
        && (node.maxLength == SchemaNode.UNBOUNDED || length <= node.maxLength)
        && matches(node.pattern, text)
        && matches(node.format, text);
  }

  private static boolean matches(@Nullable Dfa dfa, String text) {
    return dfa == null || dfa.matches(text);
  }

  private static boolean number(SchemaNode node, BigDecimal number) {
    return (node.minimum == null || number.compareTo(node.minimum) >= 0)
        && (node.exclusiveMinimum == null || number.compareTo(node.exclusiveMinimum) > 0)
        && (node.maximum == null || number.compareTo(node.maximum) <= 0)
        && (node.exclusiveMaximum == null || number.compareTo(node.exclusiveMaximum) < 0)
        && (node.spellings == null
            || (Math.abs(number.scale()) < 1000 && node.spellings.matches(number.toPlainString())))
        && (node.multipleOf == null || isMultiple(number, node.multipleOf));
  }

  private static boolean isMultiple(BigDecimal number, BigDecimal of) {
    // An exponent of a thousand digits is not worth its division; such a value is not generated.
    return Math.abs((long) number.scale() - number.precision()) < 1000
        && number.remainder(of).signum() == 0;
  }

  private boolean array(SchemaNode node, List<JsonValue> items, int depth) {
    if (items.size() < node.minItems
        || (node.maxItems != SchemaNode.UNBOUNDED && items.size() > node.maxItems)
        || (node.uniqueItems && new HashSet<>(items).size() < items.size())) {
      return false;
    }
    int contained = 0;
    for (int i = 0; i < items.size(); i++) {
      SchemaNode schema = i < node.prefixItems.size() ? node.prefixItems.get(i) : node.items;
      if (schema != null && !isValid(schema, items.get(i), depth)) {
        return false;
      }
      contained += node.contains != null && isValid(node.contains, items.get(i), depth) ? 1 : 0;
    }
    return node.contains == null
        || (contained >= node.minContains
            && (node.maxContains == SchemaNode.UNBOUNDED || contained <= node.maxContains));
  }

  private boolean object(SchemaNode node, Map<String, JsonValue> members, int depth) {
    if (members.size() < node.minProperties
        || (node.maxProperties != SchemaNode.UNBOUNDED && members.size() > node.maxProperties)
        || !members.keySet().containsAll(node.required)) {
      return false;
    }
    for (Map.Entry<String, List<String>> dependent : node.dependentRequired.entrySet()) {
      if (members.containsKey(dependent.getKey())
          && !members.keySet().containsAll(dependent.getValue())) {
        return false;
      }
    }
    for (Map.Entry<String, SchemaNode> dependent : node.dependentSchemas.entrySet()) {
      if (members.containsKey(dependent.getKey())
          && !isValid(dependent.getValue(), new JsonObject(members), depth)) {
        return false;
      }
    }
    for (Map.Entry<String, JsonValue> member : members.entrySet()) {
      if (node.propertyNames != null
          && !isValid(node.propertyNames, new JsonText(member.getKey()), depth)) {
        return false;
      }
      for (SchemaNode schema : schemasOf(node, member.getKey())) {
        if (!isValid(schema, member.getValue(), depth)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The schemas that a property's value must satisfy by one place's keywords. */
  static List<SchemaNode> schemasOf(SchemaNode node, String name) {
    List<SchemaNode> schemas = new java.util.ArrayList<>(2);
    SchemaNode named = node.properties.get(name);
    if (named != null) {
      schemas.add(named);
    }
    for (SchemaNode.PatternProperty pattern : node.patternProperties) {
      if (pattern.names().matches(name)) {
        schemas.add(pattern.value());
      }
    }
    if (schemas.isEmpty() && node.additionalProperties != null) {
      schemas.add(node.additionalProperties);
    }
    return schemas;
  }
}

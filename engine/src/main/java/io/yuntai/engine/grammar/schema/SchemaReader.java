package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonValue.JsonArray;
import io.yuntai.engine.grammar.schema.JsonValue.JsonBoolean;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNumber;
import io.yuntai.engine.grammar.schema.JsonValue.JsonObject;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From a schema's JSON to {@link SchemaNode}s: checks every keyword that it meets, and refuses
 * those that it does not know.
 */
final class SchemaReader {
  private static final int MAX_NODES = 20_000;
  private static final int MAX_COUNT = 1_000_000_000;

  /** Keywords that say nothing about what is valid. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "$anchor",
          "$vocabulary",
          "title",
          "description",
          "default",
          "examples",
          "example",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          "externalDocs",
          "xml",
          "discriminator");

  private final JsonValue root;
  private final SchemaPlaces places;
  private final Map<String, SchemaNode> nodes = new HashMap<>();
  private final Deque<SchemaNode> unread = new ArrayDeque<>();

  private SchemaReader(JsonValue root, SchemaPlaces places) {
    this.root = root;
    this.places = places;
  }

  /**
   * Reads a schema and everything that it refers to.
   *
   * @throws GrammarException naming the place and the keyword
   */
  static SchemaNode read(JsonValue schema) throws GrammarException {
    SchemaReader reader = new SchemaReader(schema, SchemaPlaces.of(schema));
    SchemaNode root = reader.node("#");
    while (!reader.unread.isEmpty()) {
      reader.fill(reader.unread.remove());
    }
    return root;
  }

  private SchemaNode node(String pointer) throws GrammarException {
    SchemaNode known = nodes.get(pointer);
    if (known != null) {
      return known;
    }
    if (nodes.size() == MAX_NODES) {
      throw new GrammarException(
          "", "the schema has more than %,d places; make it smaller".formatted(MAX_NODES));
    }
    SchemaNode node = new SchemaNode(pointer, nodes.size());
    nodes.put(pointer, node);
    unread.add(node);
    return node;
  }

  private void fill(SchemaNode node) throws GrammarException {
    switch (places.at(root, node.pointer)) {
      case JsonBoolean(boolean value) -> node.always = value;
      case JsonObject(Map<String, JsonValue> keywords) -> {
        for (Map.Entry<String, JsonValue> keyword : keywords.entrySet()) {
          read(node, keyword.getKey(), keyword.getValue());
        }
        readOlder(node, keywords);
      }
      default -> throw new GrammarException(node.pointer, "a schema is an object or a boolean");
    }
  }

  private void read(SchemaNode node, String keyword, JsonValue value) throws GrammarException {
    switch (keyword) {
      case "type" -> node.types = types(node, value);
      case "enum" -> values(node, array(node, keyword, value));
      case "const" -> values(node, List.of(value));
      case "$ref" ->
          node.reference = node(places.resolve(node.pointer, text(node, keyword, value)));
      case "allOf" -> node.allOf.addAll(schemas(node, keyword, value));
      case "anyOf" -> node.anyOf = schemas(node, keyword, value);
      case "oneOf" -> node.oneOf = schemas(node, keyword, value);
      case "not" -> node.not = child(node, keyword);
      case "if" -> node.condition = child(node, keyword);
      case "then" -> node.then = child(node, keyword);
      case "else" -> node.otherwise = child(node, keyword);
      case "minLength" -> node.minLength = count(node, keyword, value);
      case "maxLength" -> node.maxLength = count(node, keyword, value);
      case "pattern" -> node.pattern = pattern(node, keyword, text(node, keyword, value));
      case "format" -> node.format = Formats.of(node.pointer, text(node, keyword, value));
      case "minimum" -> node.minimum = number(node, keyword, value);
      case "exclusiveMinimum" -> {
        if (!(value instanceof JsonBoolean)) {
          node.exclusiveMinimum = number(node, keyword, value);
        }
      }
      case "maximum" -> node.maximum = number(node, keyword, value);
      case "exclusiveMaximum" -> {
        if (!(value instanceof JsonBoolean)) {
          node.exclusiveMaximum = number(node, keyword, value);
        }
      }
      case "multipleOf" -> {
        node.multipleOf = number(node, keyword, value);
        if (node.multipleOf.signum() <= 0) {
          throw refused(node, keyword, "it must be above 0");
        }
      }
      default -> readContainer(node, keyword, value);
    }
  }

  private void readContainer(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    switch (keyword) {
      case "prefixItems" -> node.prefixItems = schemas(node, keyword, value);
      case "items" -> {
        if (value instanceof JsonArray) {
          // Before 2020-12: what is prefixItems since then.
          node.prefixItems = schemas(node, keyword, value);
        } else {
          node.items = child(node, keyword);
        }
      }
      case "minItems" -> node.minItems = count(node, keyword, value);
      case "maxItems" -> node.maxItems = count(node, keyword, value);
      case "uniqueItems" -> node.uniqueItems = flag(node, keyword, value);
      case "contains" -> node.contains = child(node, keyword);
      case "minContains" -> node.minContains = count(node, keyword, value);
      case "maxContains" -> node.maxContains = count(node, keyword, value);
      case "properties" -> members(node, keyword, value, node.properties);
      case "dependentSchemas" -> members(node, keyword, value, node.dependentSchemas);
      case "patternProperties" -> {
        for (String name : object(node, keyword, value).keySet()) {
          node.patternProperties.add(
              new SchemaNode.PatternProperty(
                  pattern(node, keyword, name), child(node, keyword, name)));
        }
      }
      case "additionalProperties" -> node.additionalProperties = child(node, keyword);
      case "propertyNames" -> node.propertyNames = child(node, keyword);
      case "required" -> node.required.addAll(texts(node, keyword, value));
      case "dependentRequired" -> {
        for (Map.Entry<String, JsonValue> entry : object(node, keyword, value).entrySet()) {
          node.dependentRequired.put(entry.getKey(), texts(node, keyword, entry.getValue()));
        }
      }
      case "minProperties" -> node.minProperties = count(node, keyword, value);
      case "maxProperties" -> node.maxProperties = count(node, keyword, value);
      case "additionalItems", "dependencies" -> {
        // Older drafts': see readOlder.
      }
      default -> {
        if (keyword.equals("id") && node.pointer.equals("#") && value instanceof JsonText) {
          return;
        }
        if (!ANNOTATIONS.contains(keyword) && !keyword.startsWith("x-")) {
          throw refused(node, keyword, "it is not supported");
        }
      }
    }
  }

  /** Keywords of older drafts, where they mean one thing only. */
  private void readOlder(SchemaNode node, Map<String, JsonValue> keywords) throws GrammarException {
    if (new JsonBoolean(true).equals(keywords.get("exclusiveMinimum"))) {
      node.exclusiveMinimum = node.minimum;
    }
    if (new JsonBoolean(true).equals(keywords.get("exclusiveMaximum"))) {
      node.exclusiveMaximum = node.maximum;
    }
    if (keywords.containsKey("additionalItems") && keywords.get("items") instanceof JsonArray) {
      node.items = child(node, "additionalItems");
    }
    JsonValue dependencies = keywords.get("dependencies");
    if (dependencies != null) {
      for (Map.Entry<String, JsonValue> entry :
          object(node, "dependencies", dependencies).entrySet()) {
        if (entry.getValue() instanceof JsonArray) {
          node.dependentRequired.put(entry.getKey(), texts(node, "dependencies", entry.getValue()));
        } else {
          node.dependentSchemas.put(entry.getKey(), child(node, "dependencies", entry.getKey()));
        }
      }
    }
  }

  private static Set<JsonType> types(SchemaNode node, JsonValue value) throws GrammarException {
    List<JsonValue> names =
        value instanceof JsonArray(List<JsonValue> items) ? items : List.of(value);
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    for (JsonValue name : names) {
      String text = text(node, "type", name);
      types.add(
          JsonType.named(text)
              .orElseThrow(() -> refused(node, "type", "there is no type '" + text + "'")));
    }
    return types;
  }

  private static void values(SchemaNode node, List<JsonValue> values) {
    List<JsonValue> old = node.values;
    node.values = old == null ? values : old.stream().filter(values::contains).toList();
  }

  private SchemaNode child(SchemaNode node, String keyword) throws GrammarException {
    return node(node.pointer + "/" + SchemaPlaces.escape(keyword));
  }

  private SchemaNode child(SchemaNode node, String keyword, String name) throws GrammarException {
    return node(
        node.pointer + "/" + SchemaPlaces.escape(keyword) + "/" + SchemaPlaces.escape(name));
  }

  private List<SchemaNode> schemas(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    List<SchemaNode> schemas = new ArrayList<>();
    for (int i = 0; i < array(node, keyword, value).size(); i++) {
      schemas.add(child(node, keyword, Integer.toString(i)));
    }
    if (schemas.isEmpty() && !keyword.endsWith("tems")) {
      throw refused(node, keyword, "it must have at least one schema");
    }
    return schemas;
  }

  private void members(
      SchemaNode node, String keyword, JsonValue value, Map<String, SchemaNode> into)
      throws GrammarException {
    for (String name : object(node, keyword, value).keySet()) {
      into.put(name, child(node, keyword, name));
    }
  }

  private static Dfa pattern(SchemaNode node, String keyword, String pattern)
      throws GrammarException {
    try {
      return Dfa.containing(pattern);
    } catch (GrammarException e) {
      throw refused(node, keyword, e.sentence());
    }
  }

  private static int count(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    BigDecimal number = number(node, keyword, value);
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw refused(node, keyword, "it must be an integer of at least 0");
    }
    return number
        .min(BigDecimal.valueOf(MAX_COUNT))
        .setScale(0, RoundingMode.UNNECESSARY)
        .intValue();
  }

  private static BigDecimal number(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    if (value instanceof JsonNumber(BigDecimal number)) {
      return number;
    }
    throw refused(node, keyword, "it must be a number");
  }

  private static boolean flag(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    if (value instanceof JsonBoolean(boolean flag)) {
      return flag;
    }
    throw refused(node, keyword, "it must be true or false");
  }

  private static String text(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    if (value instanceof JsonText(String text)) {
      return text;
    }
    throw refused(node, keyword, "it must be a string");
  }

  private static List<String> texts(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    List<String> texts = new ArrayList<>();
    for (JsonValue item : array(node, keyword, value)) {
      texts.add(text(node, keyword, item));
    }
    return texts;
  }

  private static List<JsonValue> array(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    if (value instanceof JsonArray(List<JsonValue> items)) {
      return items;
    }
    throw refused(node, keyword, "it must be an array");
  }

  private static Map<String, JsonValue> object(SchemaNode node, String keyword, JsonValue value)
      throws GrammarException {
    if (value instanceof JsonObject(Map<String, JsonValue> members)) {
      return members;
    }
    throw refused(node, keyword, "it must be an object");
  }

  /** What is wrong with one keyword of one place. */
  static GrammarException refused(SchemaNode node, String keyword, String why) {
    return new GrammarException(node.pointer, "the keyword '%s': %s".formatted(keyword, why));
  }
}

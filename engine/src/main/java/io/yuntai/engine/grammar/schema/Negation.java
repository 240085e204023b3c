package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonValue.JsonBoolean;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNull;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNumber;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Schemas that hold where others don't, as further places: a value fails a schema when it fails one
 * of its keywords, so the opposite is a choice of the keywords' opposites. By it {@code not},
 * {@code if} and overlapping {@code oneOf} become choices that can be written.
 */
final class Negation {
  private final SchemaNodes nodes;
  private final Map<SchemaNode, SchemaNode> opposites = new HashMap<>();

  Negation(SchemaNodes nodes) {
    this.nodes = nodes;
  }

  /**
   * What does not satisfy a schema.
   *
   * @throws GrammarException naming a keyword that has no opposite here
   */
  SchemaNode of(SchemaNode node) throws GrammarException {
    SchemaNode known = opposites.get(node);
    if (known != null) {
      return known;
    }
    SchemaNode opposite = nodes.made(node);
    // Before its parts are looked at, for they may lead back here.
    opposites.put(node, opposite);
    if (node.always != null) {
      opposite.always = !node.always;
      return opposite;
    }
    List<SchemaNode> choices = new ArrayList<>();
    refuse(node);
    general(node, choices);
    strings(node, choices);
    numbers(node, choices);
    arrays(node, choices);
    objects(node, choices);
    if (choices.isEmpty()) {
      opposite.always = false;
    } else {
      opposite.anyOf = choices;
    }
    return opposite;
  }

  private static void refuse(SchemaNode node) throws GrammarException {
    String why = "inside 'not', 'if' or an overlapping 'oneOf' it is not supported";
    String keyword =
        !node.patternProperties.isEmpty()
            ? "patternProperties"
            : node.additionalProperties != null
                ? "additionalProperties"
                : node.propertyNames != null
                    ? "propertyNames"
                    : !node.dependentSchemas.isEmpty()
                        ? "dependentSchemas"
                        : node.uniqueItems
                            ? "uniqueItems"
                            : node.multipleOf != null
                                ? "multipleOf"
                                : node.contains != null
                                        && (node.minContains != 1
                                            || node.maxContains != SchemaNode.UNBOUNDED)
                                    ? "minContains"
                                    : "";
    if (!keyword.isEmpty()) {
      throw SchemaReader.refused(node, keyword, why);
    }
  }

  private void general(SchemaNode node, List<SchemaNode> choices) throws GrammarException {
    if (node.types != null) {
      choices.add(otherTypes(node, node.types));
    }
    if (node.values != null) {
      choices.add(otherValues(node, node.values));
    }
    if (node.reference != null) {
      choices.add(of(node.reference));
    }
    for (SchemaNode all : node.allOf) {
      choices.add(of(all));
    }
    if (!node.anyOf.isEmpty()) {
      SchemaNode none = nodes.made(node);
      for (SchemaNode any : node.anyOf) {
        none.allOf.add(of(any));
      }
      choices.add(none);
    }
    if (!node.oneOf.isEmpty()) {
      choices.add(notOne(node));
    }
    if (node.not != null) {
      choices.add(node.not);
    }
    if (node.condition != null) {
      choices.add(branch(node, node.condition, opposite(node.then)));
      choices.add(branch(node, of(node.condition), opposite(node.otherwise)));
    }
  }

  private @Nullable SchemaNode opposite(@Nullable SchemaNode branch) throws GrammarException {
    return branch == null ? null : of(branch);
  }

  /**
   * A condition with what follows; nothing follows where a branch is missing and so never fails.
   */
  private SchemaNode branch(SchemaNode node, SchemaNode condition, @Nullable SchemaNode then) {
    SchemaNode both = nodes.made(node);
    if (then == null) {
      both.always = false;
    } else {
      both.allOf.add(condition);
      both.allOf.add(then);
    }
    return both;
  }

  /** None of the branches, or two of them. */
  private SchemaNode notOne(SchemaNode node) throws GrammarException {
    List<SchemaNode> choices = new ArrayList<>();
    SchemaNode none = nodes.made(node);
    for (SchemaNode one : node.oneOf) {
      none.allOf.add(of(one));
    }
    choices.add(none);
    for (int i = 0; i < node.oneOf.size(); i++) {
      for (int j = i + 1; j < node.oneOf.size(); j++) {
        SchemaNode two = nodes.made(node);
        two.allOf.add(node.oneOf.get(i));
        two.allOf.add(node.oneOf.get(j));
        choices.add(two);
      }
    }
    SchemaNode all = nodes.made(node);
    all.anyOf = choices;
    return all;
  }

  private SchemaNode otherTypes(SchemaNode node, Set<JsonType> types) throws GrammarException {
    Set<JsonType> others = EnumSet.complementOf(EnumSet.copyOf(types));
    if (types.contains(JsonType.NUMBER)) {
      others.remove(JsonType.INTEGER);
    }
    SchemaNode made = typed(node, others);
    if (types.contains(JsonType.INTEGER) && !types.contains(JsonType.NUMBER)) {
      others.remove(JsonType.INTEGER);
      made.spellings = Decimals.fractions();
    }
    return made;
  }

  /** Everything but the listed values, which must be neither arrays nor objects. */
  private SchemaNode otherValues(SchemaNode node, List<JsonValue> values) throws GrammarException {
    List<String> texts = new ArrayList<>();
    List<BigDecimal> numbers = new ArrayList<>();
    Set<JsonType> whole = EnumSet.of(JsonType.ARRAY, JsonType.OBJECT);
    List<JsonValue> flags = new ArrayList<>();
    boolean withNull = true;
    for (JsonValue value : values) {
      switch (value) {
        case JsonText(String text) -> texts.add(text);
        case JsonNumber(BigDecimal number) -> numbers.add(number);
        case JsonBoolean flag -> flags.add(flag);
        case JsonNull _ -> withNull = false;
        default ->
            throw SchemaReader.refused(
                node, "enum", "the opposite of arrays and objects is not supported");
      }
    }
    if (withNull) {
      whole.add(JsonType.NULL);
    }
    List<SchemaNode> choices = new ArrayList<>();
    choices.add(typed(node, whole));
    SchemaNode strings = typed(node, EnumSet.of(JsonType.STRING));
    strings.pattern = texts.isEmpty() ? null : Dfa.ANYTHING.minus(Dfa.anyOf(texts));
    choices.add(strings);
    SchemaNode others = typed(node, EnumSet.of(JsonType.NUMBER));
    others.spellings = numbers.isEmpty() ? null : Decimals.allBut(numbers);
    choices.add(others);
    for (boolean flag : new boolean[] {true, false}) {
      if (!flags.contains(new JsonBoolean(flag))) {
        SchemaNode constant = nodes.made(node);
        constant.values = List.of(new JsonBoolean(flag));
        choices.add(constant);
      }
    }
    SchemaNode all = nodes.made(node);
    all.anyOf = choices;
    return all;
  }

  private SchemaNode typed(SchemaNode like, Set<JsonType> types) {
    SchemaNode made = nodes.made(like);
    made.types = types;
    return made;
  }

  private void strings(SchemaNode node, List<SchemaNode> choices) throws GrammarException {
    Set<JsonType> string = EnumSet.of(JsonType.STRING);
    if (node.minLength > 0) {
      SchemaNode shorter = typed(node, string);
      shorter.maxLength = node.minLength - 1;
      choices.add(shorter);
    }
    if (node.maxLength != SchemaNode.UNBOUNDED) {
      SchemaNode longer = typed(node, string);
      longer.minLength = node.maxLength + 1;
      choices.add(longer);
    }
    if (node.pattern != null) {
      SchemaNode other = typed(node, string);
      other.pattern = Dfa.ANYTHING.minus(node.pattern);
      choices.add(other);
    }
    if (node.format != null) {
      throw SchemaReader.refused(
          node, "format", "inside 'not', 'if' or an overlapping 'oneOf' it is not supported");
    }
  }

  private void numbers(SchemaNode node, List<SchemaNode> choices) {
    Set<JsonType> number = EnumSet.of(JsonType.NUMBER);
    if (node.minimum != null) {
      SchemaNode below = typed(node, number);
      below.exclusiveMaximum = node.minimum;
      choices.add(below);
    }
    if (node.exclusiveMinimum != null) {
      SchemaNode below = typed(node, number);
      below.maximum = node.exclusiveMinimum;
      choices.add(below);
    }
    if (node.maximum != null) {
      SchemaNode above = typed(node, number);
      above.exclusiveMinimum = node.maximum;
      choices.add(above);
    }
    if (node.exclusiveMaximum != null) {
      SchemaNode above = typed(node, number);
      above.minimum = node.exclusiveMaximum;
      choices.add(above);
    }
  }

  private void arrays(SchemaNode node, List<SchemaNode> choices) throws GrammarException {
    Set<JsonType> array = EnumSet.of(JsonType.ARRAY);
    if (node.minItems > 0) {
      SchemaNode fewer = typed(node, array);
      fewer.maxItems = node.minItems - 1;
      choices.add(fewer);
    }
    if (node.maxItems != SchemaNode.UNBOUNDED) {
      SchemaNode more = typed(node, array);
      more.minItems = node.maxItems + 1;
      choices.add(more);
    }
    for (int i = 0; i < node.prefixItems.size(); i++) {
      SchemaNode other = typed(node, array);
      List<SchemaNode> prefix = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        prefix.add(nodes.anything(node));
      }
      prefix.add(of(node.prefixItems.get(i)));
      other.prefixItems = prefix;
      other.minItems = i + 1;
      choices.add(other);
    }
    if (node.items != null) {
      if (!node.prefixItems.isEmpty()) {
        throw SchemaReader.refused(
            node, "items", "beside 'prefixItems' its opposite is not supported");
      }
      SchemaNode other = typed(node, array);
      other.contains = of(node.items);
      choices.add(other);
    }
    if (node.contains != null) {
      SchemaNode none = typed(node, array);
      none.items = of(node.contains);
      choices.add(none);
    }
  }

  private void objects(SchemaNode node, List<SchemaNode> choices) throws GrammarException {
    Set<JsonType> object = EnumSet.of(JsonType.OBJECT);
    for (String name : node.required) {
      choices.add(without(node, name));
    }
    for (Map.Entry<String, SchemaNode> property : node.properties.entrySet()) {
      SchemaNode other = typed(node, object);
      other.required.add(property.getKey());
      other.properties.put(property.getKey(), of(property.getValue()));
      choices.add(other);
    }
    for (Map.Entry<String, List<String>> dependent : node.dependentRequired.entrySet()) {
      for (String name : dependent.getValue()) {
        SchemaNode missing = without(node, name);
        missing.required.add(dependent.getKey());
        choices.add(missing);
      }
    }
    if (node.minProperties > 0) {
      SchemaNode fewer = typed(node, object);
      fewer.maxProperties = node.minProperties - 1;
      choices.add(fewer);
    }
    if (node.maxProperties != SchemaNode.UNBOUNDED) {
      SchemaNode more = typed(node, object);
      more.minProperties = node.maxProperties + 1;
      choices.add(more);
    }
  }

  /** Objects without a property. */
  SchemaNode without(SchemaNode like, String name) {
    SchemaNode made = typed(like, EnumSet.of(JsonType.OBJECT));
    made.properties.put(name, nodes.nothing(like));
    return made;
  }
}

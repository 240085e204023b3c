package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonValue.JsonBoolean;
import io.yuntai.engine.grammar.schema.JsonValue.JsonNull;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What values satisfy places that hold together and leave no choice of branches: type by type. */
final class Alternatives {
  /** Longer strings and arrays than these are not generated. */
  static final int MAX_COUNT = 50_000;

  private static final int MAX_PATTERNS = 6;
  private static final int MAX_UNIQUE = 64;

  private final SchemaCompiler compiler;

  Alternatives(SchemaCompiler compiler) {
    this.compiler = compiler;
  }

  /** Whether the values are listed, by {@code enum} or {@code const}. */
  static boolean isListed(List<SchemaNode> nodes) {
    return nodes.stream().anyMatch(node -> node.values != null);
  }

  /**
   * Those of the listed values that satisfy every keyword.
   *
   * @param without a place whose {@code oneOf} does not count; null for none
   */
  static List<ValueSet.Alternative> listed(List<SchemaNode> nodes, @Nullable SchemaNode without) {
    List<JsonValue> values =
        nodes.stream()
            .filter(node -> node.values != null)
            .findFirst()
            .map(node -> node.values)
            .orElseThrow()
            .stream()
            .distinct()
            .filter(
                value -> nodes.stream().allMatch(node -> Validator.isValid(node, value, without)))
            .toList();
    return values.isEmpty() ? List.of() : List.of(new ValueSet.Listed(values));
  }

  List<ValueSet.Alternative> of(List<SchemaNode> nodes) throws GrammarException {
    Set<JsonType> types = EnumSet.allOf(JsonType.class);
    boolean integer = false;
    for (SchemaNode node : nodes) {
      Set<JsonType> allowed = EnumSet.copyOf(withIntegers(node.typesOrAll()));
      integer |= !allowed.contains(JsonType.NUMBER);
      types.retainAll(allowed);
    }
    List<ValueSet.Alternative> found = new ArrayList<>();
    List<JsonValue> constants = new ArrayList<>();
    if (types.contains(JsonType.NULL)) {
      constants.add(new JsonNull());
    }
    if (types.contains(JsonType.BOOLEAN)) {
      constants.add(new JsonBoolean(true));
      constants.add(new JsonBoolean(false));
    }
    if (!constants.isEmpty()) {
      found.add(new ValueSet.Constants(constants));
    }
    if (types.contains(JsonType.INTEGER)) {
      found.add(numbers(nodes, integer));
    }
    if (types.contains(JsonType.STRING)) {
      found.add(new ValueSet.Strings(strings(nodes)));
    }
    if (types.contains(JsonType.ARRAY)) {
      arrays(nodes, found);
    }
    if (types.contains(JsonType.OBJECT)) {
      objects(nodes, found);
    }
    return found;
  }

  private static Set<JsonType> withIntegers(Set<JsonType> types) {
    Set<JsonType> all = EnumSet.noneOf(JsonType.class);
    all.addAll(types);
    if (all.contains(JsonType.NUMBER)) {
      all.add(JsonType.INTEGER);
    }
    return all;
  }

  /** The strings that all of these places allow. */
  private static Dfa strings(List<SchemaNode> nodes) throws GrammarException {
    int min = 0;
    int max = SchemaNode.UNBOUNDED;
    Dfa texts = Dfa.ANYTHING;
    for (SchemaNode node : nodes) {
      min = Math.max(min, node.minLength);
      max = lesser(max, node.maxLength);
      try {
        texts = node.pattern == null ? texts : texts.and(node.pattern);
        texts = node.format == null ? texts : texts.and(node.format);
      } catch (GrammarException e) {
        throw new GrammarException(node.pointer, e.sentence());
      }
    }
    if (min > MAX_COUNT) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "the keyword 'minLength': at most %,d is supported".formatted(MAX_COUNT));
    }
    if (min == 0 && max == SchemaNode.UNBOUNDED) {
      return texts;
    }
    if (max != SchemaNode.UNBOUNDED && max < min) {
      return Dfa.NOTHING;
    }
    int most = Math.min(max, MAX_COUNT);
    Dfa lengths = Dfa.lengthBetween(min, max == SchemaNode.UNBOUNDED ? max : most);
    try {
      return isAnything(texts) ? lengths : texts.and(lengths);
    } catch (GrammarException e) {
      throw new GrammarException(
          nodes.getFirst().pointer, "with 'minLength' or 'maxLength', " + e.sentence());
    }
  }

  private static boolean isAnything(Dfa texts) {
    return texts.equals(Dfa.ANYTHING);
  }

  private static ValueSet.Numbers numbers(List<SchemaNode> nodes, boolean integer)
      throws GrammarException {
    BigDecimal low = null;
    boolean lowExcluded = false;
    BigDecimal high = null;
    boolean highExcluded = false;
    List<BigDecimal> divisors = new ArrayList<>();
    List<Dfa> among = new ArrayList<>();
    for (SchemaNode node : nodes) {
      for (boolean excluded : new boolean[] {false, true}) {
        BigDecimal least = excluded ? node.exclusiveMinimum : node.minimum;
        if (least != null && (low == null || least.compareTo(low) >= (excluded ? 0 : 1))) {
          low = least;
          lowExcluded = excluded;
        }
        BigDecimal most = excluded ? node.exclusiveMaximum : node.maximum;
        if (most != null && (high == null || most.compareTo(high) <= (excluded ? 0 : -1))) {
          high = most;
          highExcluded = excluded;
        }
      }
      if (node.multipleOf != null) {
        divisors.add(node.multipleOf);
      }
      if (node.spellings != null) {
        among.add(node.spellings);
      }
    }
    try {
      Dfa spellings =
          Decimals.of(
              new Decimals.Bounds(
                  integer,
                  low,
                  lowExcluded,
                  high,
                  highExcluded,
                  divisors.isEmpty() ? null : divisors.getFirst()));
      for (int i = 1; i < divisors.size(); i++) {
        spellings =
            spellings.and(
                Decimals.of(
                    new Decimals.Bounds(integer, null, false, null, false, divisors.get(i))));
      }
      for (Dfa set : among) {
        spellings = spellings.and(set);
      }
      return new ValueSet.Numbers(spellings);
    } catch (GrammarException e) {
      throw new GrammarException(
          nodes.getFirst().pointer, "the bounds of a number: " + e.sentence());
    }
  }

  private void arrays(List<SchemaNode> nodes, List<ValueSet.Alternative> found)
      throws GrammarException {
    int min = 0;
    int max = SchemaNode.UNBOUNDED;
    int prefixLength = 0;
    SchemaNode container = null;
    SchemaNode unique = null;
    for (SchemaNode node : nodes) {
      min = Math.max(min, node.minItems);
      max = lesser(max, node.maxItems);
      prefixLength = Math.max(prefixLength, node.prefixItems.size());
      unique = node.uniqueItems ? node : unique;
      if (node.contains != null) {
        if (node.maxContains != SchemaNode.UNBOUNDED) {
          throw SchemaReader.refused(node, "maxContains", "it is not supported");
        }
        if (node.minContains > 0 && container != null) {
          throw SchemaReader.refused(node, "contains", "two of them at once are not supported");
        }
        container = node.minContains > 0 ? node : container;
      }
    }
    if (max != SchemaNode.UNBOUNDED && max < min) {
      return;
    }
    if (min > MAX_COUNT) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "the keyword 'minItems': at most %,d is supported".formatted(MAX_COUNT));
    }
    int most = max == SchemaNode.UNBOUNDED ? max : Math.min(max, MAX_COUNT);
    List<ValueSet> prefix = new ArrayList<>();
    for (int i = 0; i < prefixLength; i++) {
      prefix.add(compiler.set(itemNodes(nodes, i, null)));
    }
    ValueSet rest = compiler.set(itemNodes(nodes, prefixLength, null));
    List<ValueSet> contained = new ArrayList<>();
    if (container != null) {
      for (int i = 0; i <= prefixLength; i++) {
        contained.add(compiler.set(itemNodes(nodes, i, container.contains)));
      }
    }
    List<JsonValue> distinct = List.of();
    if (unique != null && most != 0 && most != 1) {
      if (prefixLength > 0 || container != null) {
        throw SchemaReader.refused(
            unique, "uniqueItems", "beside 'prefixItems' or 'contains' it is not supported");
      }
      distinct = finite(unique, itemNodes(nodes, 0, null));
      most = lesser(most, distinct.size());
      if (most < min) {
        return;
      }
    }
    found.add(
        new ValueSet.Arrays(
            prefix,
            rest,
            min,
            most,
            contained,
            container == null ? 0 : container.minContains,
            distinct));
  }

  /** The few values that unique items can have. */
  private List<JsonValue> finite(SchemaNode unique, List<SchemaNode> nodes)
      throws GrammarException {
    Set<JsonValue> values = new LinkedHashSet<>();
    for (ValueSet.Alternative alternative : compiler.alternatives(nodes, true)) {
      switch (alternative) {
        case ValueSet.Listed(List<JsonValue> listed) -> values.addAll(listed);
        case ValueSet.Constants(List<JsonValue> constants) -> values.addAll(constants);
        default ->
            throw SchemaReader.refused(
                unique,
                "uniqueItems",
                "it is supported only where the items are listed by 'enum' or 'const'");
      }
    }
    if (values.size() > MAX_UNIQUE) {
      throw SchemaReader.refused(
          unique,
          "uniqueItems",
          "more than %d listed items are not supported".formatted(MAX_UNIQUE));
    }
    return List.copyOf(values);
  }

  private static List<SchemaNode> itemNodes(
      List<SchemaNode> nodes, int index, @Nullable SchemaNode further) {
    List<SchemaNode> all = new ArrayList<>();
    for (SchemaNode node : nodes) {
      SchemaNode item = index < node.prefixItems.size() ? node.prefixItems.get(index) : node.items;
      if (item != null) {
        all.add(item);
      }
    }
    if (further != null) {
      all.add(further);
    }
    return all;
  }

  private void objects(List<SchemaNode> nodes, List<ValueSet.Alternative> found)
      throws GrammarException {
    int min = 0;
    int max = SchemaNode.UNBOUNDED;
    Set<String> names = new LinkedHashSet<>();
    Set<String> required = new LinkedHashSet<>();
    Map<String, Set<String>> requires = new LinkedHashMap<>();
    for (SchemaNode node : nodes) {
      min = Math.max(min, node.minProperties);
      max = lesser(max, node.maxProperties);
      names.addAll(node.properties.keySet());
      required.addAll(node.required);
      for (Map.Entry<String, List<String>> entry : node.dependentRequired.entrySet()) {
        requires
            .computeIfAbsent(entry.getKey(), _ -> new LinkedHashSet<>())
            .addAll(entry.getValue());
      }
    }
    names.addAll(required);
    names.addAll(requires.keySet());
    requires.values().forEach(names::addAll);
    if (max != SchemaNode.UNBOUNDED && max < Math.max(min, required.size())) {
      return;
    }
    if (!requires.isEmpty() && (min > 0 || max != SchemaNode.UNBOUNDED)) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "the keyword 'dependentRequired': beside 'minProperties' or 'maxProperties' it is not supported");
    }
    Set<String> possible = possible(nodes, names, requires);
    if (!possible.containsAll(required)) {
      return;
    }
    List<ValueSet.Named> named = new ArrayList<>();
    for (String name : possible) {
      named.add(
          new ValueSet.Named(
              name,
              compiler.set(valueNodes(nodes, name)),
              required.contains(name),
              requires.getOrDefault(name, Set.of())));
    }
    List<ValueSet.Others> others = others(nodes, names);
    if (min > named.size() + (others.isEmpty() ? 0 : 1)) {
      if (others.isEmpty()) {
        return;
      }
      throw new GrammarException(
          nodes.getFirst().pointer,
          "the keyword 'minProperties': it is supported up to one more than the properties that the schema names");
    }
    found.add(new ValueSet.Objects(named, others, min, max));
  }

  /** Names that may be there, and all that they require with them. */
  private static Set<String> possible(
      List<SchemaNode> nodes, Set<String> names, Map<String, Set<String>> requires) {
    Set<String> possible = new LinkedHashSet<>(names);
    possible.removeIf(name -> !isNameAllowed(nodes, name));
    boolean changed = true;
    while (changed) {
      changed =
          possible.removeIf(name -> !possible.containsAll(requires.getOrDefault(name, Set.of())));
    }
    return possible;
  }

  private static boolean isNameAllowed(List<SchemaNode> nodes, String name) {
    JsonValue text = new JsonText(name);
    return nodes.stream()
        .allMatch(
            node -> node.propertyNames == null || Validator.isValid(node.propertyNames, text));
  }

  private static List<SchemaNode> valueNodes(List<SchemaNode> nodes, String name) {
    List<SchemaNode> all = new ArrayList<>();
    for (SchemaNode node : nodes) {
      all.addAll(Validator.schemasOf(node, name));
    }
    return all;
  }

  /** The names that the schema does not spell out, cut by the patterns that they match. */
  private List<ValueSet.Others> others(List<SchemaNode> nodes, Set<String> names)
      throws GrammarException {
    List<SchemaNode.PatternProperty> patterns = new ArrayList<>();
    List<SchemaNode> nameSchemas = new ArrayList<>();
    for (SchemaNode node : nodes) {
      patterns.addAll(node.patternProperties);
      if (node.propertyNames != null) {
        nameSchemas.add(node.propertyNames);
      }
    }
    if (patterns.size() > MAX_PATTERNS) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "the keyword 'patternProperties': more than %d patterns at once are not supported"
              .formatted(MAX_PATTERNS));
    }
    if (patterns.isEmpty() && forbidsOthers(nodes)) {
      return List.of();
    }
    Dfa free = nameSchemas.isEmpty() ? Dfa.ANYTHING : names(nameSchemas);
    free = names.isEmpty() ? free : free.minus(Dfa.anyOf(names));
    List<ValueSet.Others> found = new ArrayList<>();
    for (int matched = 0; matched < 1 << patterns.size(); matched++) {
      Dfa region = free;
      for (int i = 0; i < patterns.size() && !region.isEmpty(); i++) {
        Dfa pattern = patterns.get(i).names();
        region = (matched >> i & 1) == 1 ? region.and(pattern) : region.minus(pattern);
      }
      if (!region.isEmpty()) {
        List<SchemaNode> values = regionNodes(nodes, patterns, matched);
        if (values.stream().noneMatch(node -> Boolean.FALSE.equals(node.always))) {
          found.add(new ValueSet.Others(region, compiler.set(values)));
        }
      }
    }
    return found;
  }

  private static boolean forbidsOthers(List<SchemaNode> nodes) {
    return nodes.stream()
        .map(node -> node.additionalProperties)
        .anyMatch(schema -> schema != null && Boolean.FALSE.equals(schema.always));
  }

  private static List<SchemaNode> regionNodes(
      List<SchemaNode> nodes, List<SchemaNode.PatternProperty> patterns, int matched) {
    List<SchemaNode> values = new ArrayList<>();
    for (SchemaNode node : nodes) {
      boolean any = false;
      for (SchemaNode.PatternProperty pattern : node.patternProperties) {
        int index = patterns.indexOf(pattern);
        if ((matched >> index & 1) == 1) {
          values.add(pattern.value());
          any = true;
        }
      }
      if (!any && node.additionalProperties != null) {
        values.add(node.additionalProperties);
      }
    }
    return values;
  }

  /** The strings that satisfy schemas of names. */
  private Dfa names(List<SchemaNode> schemas) throws GrammarException {
    Dfa all = Dfa.NOTHING;
    for (ValueSet.Alternative alternative : compiler.alternatives(schemas, true)) {
      if (alternative instanceof ValueSet.Strings(Dfa texts)) {
        all = all.or(texts);
      } else if (alternative instanceof ValueSet.Listed(List<JsonValue> values)) {
        List<String> texts = new ArrayList<>();
        for (JsonValue value : values) {
          if (value instanceof JsonText(String text)) {
            texts.add(text);
          }
        }
        all = texts.isEmpty() ? all : all.or(Dfa.anyOf(texts));
      }
    }
    return all;
  }

  private static int lesser(int a, int b) {
    return a == SchemaNode.UNBOUNDED ? b : b == SchemaNode.UNBOUNDED ? a : Math.min(a, b);
  }
}

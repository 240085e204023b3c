package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.GrammarException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether it is certain that no value satisfies all of some places: by type, by the automata of
 * strings and numbers, by a required property or a needed item that has no value. Says no where it
 * can't tell.
 */
final class Emptiness {
  private static final int MAX_DEPTH = 8;

  private final SchemaCompiler compiler;
  private final Map<List<Integer>, Boolean> known = new HashMap<>();
  private int depth;

  Emptiness(SchemaCompiler compiler) {
    this.compiler = compiler;
  }

  boolean isEmpty(List<SchemaNode> nodes) throws GrammarException {
    List<Integer> key = nodes.stream().map(node -> node.number).distinct().sorted().toList();
    Boolean answer = known.get(key);
    if (answer == null) {
      if (depth == MAX_DEPTH) {
        return false;
      }
      // While it is looked at, it counts as not empty.
      known.put(key, false);
      depth++;
      try {
        answer = areEmpty(compiler.alternatives(nodes, false));
      } finally {
        depth--;
      }
      known.put(key, answer);
    }
    return answer;
  }

  boolean areEmpty(List<ValueSet.Alternative> alternatives) throws GrammarException {
    for (ValueSet.Alternative alternative : alternatives) {
      if (!isEmpty(alternative)) {
        return false;
      }
    }
    return true;
  }

  private boolean isEmpty(ValueSet.Alternative alternative) throws GrammarException {
    return switch (alternative) {
      case ValueSet.Listed(List<JsonValue> values) -> values.isEmpty();
      case ValueSet.Constants(List<JsonValue> values) -> values.isEmpty();
      case ValueSet.Strings strings -> strings.texts().isEmpty();
      case ValueSet.Numbers numbers -> numbers.spellings().isEmpty();
      case ValueSet.Arrays arrays -> {
        for (int i = 0; i < Math.min(arrays.min(), arrays.prefix().size() + 1); i++) {
          if (isEmpty(arrays.item(i).nodes)) {
            yield true;
          }
        }
        yield arrays.max() >= 0 && arrays.max() < arrays.min();
      }
      case ValueSet.Objects objects -> {
        for (ValueSet.Named named : objects.named()) {
          if (named.required() && isEmpty(named.value().nodes)) {
            yield true;
          }
        }
        yield objects.max() >= 0 && objects.max() < objects.min();
      }
    };
  }
}

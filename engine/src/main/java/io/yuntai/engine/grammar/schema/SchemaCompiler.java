package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills the {@link ValueSet}s of a schema: one for each set of places that some value must satisfy
 * together. There are finitely many sets; how many are made is bounded.
 */
final class SchemaCompiler {
  private static final int MAX_SETS = 10_000;
  private static final int MAX_ALTERNATIVES = 512;
  private static final int MAX_ONE_OF = 100;

  private final Map<List<Integer>, ValueSet> sets = new HashMap<>();
  private final Deque<ValueSet> unfilled = new ArrayDeque<>();
  private final Alternatives alternatives = new Alternatives(this);
  private final Emptiness emptiness = new Emptiness(this);

  /** The values of a schema, with everything that it leads to. */
  ValueSet compile(SchemaNode root) throws GrammarException {
    ValueSet values = set(List.of(root));
    while (!unfilled.isEmpty()) {
      ValueSet next = unfilled.remove();
      next.alternatives.addAll(alternatives(next.nodes, true));
    }
    Productivity.mark(sets.values());
    return values;
  }

  /** The values that satisfy all of these places. */
  ValueSet set(List<SchemaNode> nodes) throws GrammarException {
    List<SchemaNode> sorted =
        nodes.stream()
            .distinct()
            .filter(node -> !Boolean.TRUE.equals(node.always))
            .sorted(Comparator.comparingInt(node -> node.number))
            .toList();
    List<Integer> key = sorted.stream().map(node -> node.number).toList();
    ValueSet set = sets.get(key);
    if (set == null) {
      if (sets.size() == MAX_SETS) {
        throw new GrammarException(
            "",
            "the schema combines its parts in more than %,d ways; make it simpler"
                .formatted(MAX_SETS));
      }
      set = new ValueSet(sorted);
      sets.put(key, set);
      unfilled.add(set);
    }
    return set;
  }

  /**
   * What values satisfy these places, by type.
   *
   * @param exactly whether {@code oneOf} must be held; otherwise it counts as {@code anyOf}, which
   *     allows more
   */
  List<ValueSet.Alternative> alternatives(List<SchemaNode> nodes, boolean exactly)
      throws GrammarException {
    List<ValueSet.Alternative> found = new ArrayList<>();
    Map<Integer, SchemaNode> closure = new LinkedHashMap<>();
    if (close(closure, nodes)) {
      choose(closure, Set.of(), exactly, found);
    }
    return found;
  }

  /** What values satisfy these places, whatever a place's {@code oneOf} says. */
  private List<ValueSet.Alternative> without(SchemaNode oneOf, List<SchemaNode> nodes)
      throws GrammarException {
    List<ValueSet.Alternative> found = new ArrayList<>();
    Map<Integer, SchemaNode> closure = new LinkedHashMap<>();
    if (close(closure, nodes)) {
      choose(closure, Set.of(2 * oneOf.number + 1), false, found);
    }
    return found;
  }

  /** Adds places and all that hold wherever they hold; false when nothing satisfies them. */
  private static boolean close(Map<Integer, SchemaNode> closure, List<SchemaNode> nodes) {
    Deque<SchemaNode> open = new ArrayDeque<>(nodes);
    while (!open.isEmpty()) {
      SchemaNode node = open.remove();
      if (node.always != null) {
        if (!node.always) {
          return false;
        }
      } else if (closure.put(node.number, node) == null) {
        if (node.reference != null) {
          open.add(node.reference);
        }
        open.addAll(node.allOf);
      }
    }
    return true;
  }

  /** Goes through the branches of {@code anyOf} and {@code oneOf}, each place's once. */
  private void choose(
      Map<Integer, SchemaNode> closure,
      Set<Integer> decided,
      boolean exactly,
      List<ValueSet.Alternative> found)
      throws GrammarException {
    List<SchemaNode> nodes = List.copyOf(closure.values());
    if (Alternatives.isListed(nodes)) {
      found.addAll(Alternatives.listed(nodes));
      return;
    }
    for (SchemaNode node : nodes) {
      boolean any = !node.anyOf.isEmpty() && !decided.contains(2 * node.number);
      boolean one = !node.oneOf.isEmpty() && !decided.contains(2 * node.number + 1);
      if (any || one) {
        if (!any && exactly) {
          requireDisjoint(node, nodes);
        }
        for (SchemaNode branch : any ? node.anyOf : node.oneOf) {
          Map<Integer, SchemaNode> narrower = new LinkedHashMap<>(closure);
          Set<Integer> more = new HashSet<>(decided);
          more.add(2 * node.number + (any ? 0 : 1));
          if (close(narrower, List.of(branch))) {
            choose(narrower, more, exactly, found);
          }
        }
        return;
      }
    }
    found.addAll(alternatives.of(nodes));
    if (found.size() > MAX_ALTERNATIVES) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "'anyOf' and 'oneOf' make more than %d combinations here".formatted(MAX_ALTERNATIVES));
    }
  }

  /** {@code oneOf} is {@code anyOf} where no value satisfies two of its branches. */
  private void requireDisjoint(SchemaNode node, List<SchemaNode> context) throws GrammarException {
    List<SchemaNode> branches = node.oneOf;
    if (branches.size() > MAX_ONE_OF) {
      throw SchemaReader.refused(
          node, "oneOf", "more than %d branches are not supported".formatted(MAX_ONE_OF));
    }
    for (int i = 0; i < branches.size(); i++) {
      for (int j = i + 1; j < branches.size(); j++) {
        List<SchemaNode> both = new ArrayList<>(context);
        both.add(branches.get(i));
        both.add(branches.get(j));
        if (!emptiness.areEmpty(without(node, both))) {
          throw SchemaReader.refused(
              node,
              "oneOf",
              "branches %d and %d may both hold for one value, which can't be ruled out while writing; use 'anyOf', or tell them apart by type or by a required property with different 'const'"
                  .formatted(i, j));
        }
      }
    }
  }
}

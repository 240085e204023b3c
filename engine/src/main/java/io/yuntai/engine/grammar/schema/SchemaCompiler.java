package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final Map<Integer, List<SchemaNode>> implied = new HashMap<>();
  private final SchemaNodes made = new SchemaNodes();
  private final Negation negation = new Negation(made);
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
      choose(closure, Set.of(), new How(exactly, null), found);
    }
    return found;
  }

  /** What values satisfy these places, whatever a place's {@code oneOf} says. */
  private List<ValueSet.Alternative> without(SchemaNode oneOf, List<SchemaNode> nodes)
      throws GrammarException {
    List<ValueSet.Alternative> found = new ArrayList<>();
    Map<Integer, SchemaNode> closure = new LinkedHashMap<>();
    if (close(closure, nodes)) {
      choose(closure, Set.of(Branching.ONE.of(oneOf)), new How(false, oneOf), found);
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

  /**
   * How branches are gone through.
   *
   * @param exactly whether {@code oneOf} must be held
   * @param without a place whose {@code oneOf} does not count at all
   */
  private record How(boolean exactly, @Nullable SchemaNode without) {}

  /** Goes through the branches of {@code anyOf} and {@code oneOf}, each place's once. */
  private void choose(
      Map<Integer, SchemaNode> closure,
      Set<Integer> decided,
      How how,
      List<ValueSet.Alternative> found)
      throws GrammarException {
    List<SchemaNode> nodes = List.copyOf(closure.values());
    if (Alternatives.isListed(nodes)) {
      found.addAll(Alternatives.listed(nodes, how.without));
      return;
    }
    for (SchemaNode node : nodes) {
      for (Branching kind : Branching.values()) {
        int decision = kind.of(node);
        if (kind.isIn(node) && !decided.contains(decision)) {
          Set<Integer> more = new HashSet<>(decided);
          more.add(decision);
          for (SchemaNode branch : branches(kind, node, nodes, how.exactly)) {
            Map<Integer, SchemaNode> narrower = new LinkedHashMap<>(closure);
            if (close(narrower, List.of(branch))) {
              choose(narrower, more, how, found);
            }
          }
          return;
        }
      }
    }
    found.addAll(alternatives.of(nodes));
    if (found.size() > MAX_ALTERNATIVES) {
      throw new GrammarException(
          nodes.getFirst().pointer,
          "'anyOf' and 'oneOf' make more than %d combinations here".formatted(MAX_ALTERNATIVES));
    }
  }

  /** Keywords that leave a choice. */
  private enum Branching {
    ANY(0),
    ONE(1),
    NOT(2),
    IF(3),
    DEPENDENT(4);

    private final int place;

    Branching(int place) {
      this.place = place;
    }

    /** The number of one place's choice. */
    int of(SchemaNode node) {
      return 5 * node.number + place;
    }

    boolean isIn(SchemaNode node) {
      return switch (this) {
        case ANY -> !node.anyOf.isEmpty();
        case ONE -> !node.oneOf.isEmpty();
        case NOT -> node.not != null;
        case IF -> node.condition != null && (node.then != null || node.otherwise != null);
        case DEPENDENT -> !node.dependentSchemas.isEmpty();
      };
    }
  }

  private List<SchemaNode> branches(
      Branching kind, SchemaNode node, List<SchemaNode> context, boolean exactly)
      throws GrammarException {
    if (kind == Branching.ANY) {
      return node.anyOf;
    }
    if (kind == Branching.ONE && (!exactly || areDisjoint(node, context))) {
      return node.oneOf;
    }
    // The same places each time, so that sets of them come up again.
    int key = kind.of(node);
    List<SchemaNode> known = implied.get(key);
    if (known == null) {
      made.check();
      known =
          switch (kind) {
            case ANY, ONE -> onlyOne(node);
            case NOT -> List.of(negation.of(Objects.requireNonNull(node.not)));
            case IF -> {
              SchemaNode condition = Objects.requireNonNull(node.condition);
              yield List.of(
                  both(node, condition, node.then),
                  both(node, negation.of(condition), node.otherwise));
            }
            case DEPENDENT -> dependent(node);
          };
      implied.put(key, known);
    }
    return known;
  }

  private SchemaNode both(SchemaNode node, SchemaNode first, @Nullable SchemaNode second) {
    SchemaNode both = made.made(node);
    both.allOf.add(first);
    if (second != null) {
      both.allOf.add(second);
    }
    return both;
  }

  /** For each branch those values that no other branch holds for. */
  private List<SchemaNode> onlyOne(SchemaNode node) throws GrammarException {
    List<SchemaNode> branches = new ArrayList<>();
    try {
      for (SchemaNode one : node.oneOf) {
        SchemaNode only = made.made(node);
        only.allOf.add(one);
        for (SchemaNode other : node.oneOf) {
          if (other.number != one.number) {
            only.allOf.add(negation.of(other));
          }
        }
        branches.add(only);
      }
    } catch (GrammarException e) {
      throw SchemaReader.refused(
          node,
          "oneOf",
          "two branches may hold for one value, and what rules that out can't be written (%s); use 'anyOf', or tell them apart by type or by a required property with different 'const'"
              .formatted(e.sentence()));
    }
    return branches;
  }

  /** For each dependent schema: without the property, or with it and what it asks for. */
  private List<SchemaNode> dependent(SchemaNode node) {
    SchemaNode all = made.made(node);
    for (Map.Entry<String, SchemaNode> entry : node.dependentSchemas.entrySet()) {
      SchemaNode there = both(node, entry.getValue(), null);
      there.types = EnumSet.of(JsonType.OBJECT);
      there.required.add(entry.getKey());
      SchemaNode notAnObject = made.made(node);
      notAnObject.types = EnumSet.complementOf(EnumSet.of(JsonType.OBJECT));
      SchemaNode choice = made.made(node);
      choice.anyOf = List.of(negation.without(node, entry.getKey()), there, notAnObject);
      all.allOf.add(choice);
    }
    return List.of(all);
  }

  /** Whether it is certain that no value satisfies two of the branches. */
  private boolean areDisjoint(SchemaNode node, List<SchemaNode> context) throws GrammarException {
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
          return false;
        }
      }
    }
    return true;
  }
}

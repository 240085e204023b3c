package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Thompson's construction of a {@link Regex}, and the subset construction of its {@link Dfa}.
 *
 * <p>The text stands between two marks, which {@link Regex.Boundary} matches as if they were
 * characters; the automaton is then asked what lies between the marks. So anchors mean what they
 * say anywhere in a pattern.
 */
final class Nfa {
  private static final int MAX_STATES = 200_000;

  /** An edge of this set is one without a character. */
  private static final int EPSILON = -1;

  private static final int BEGIN_MARK = -2;
  private static final int END_MARK = -3;

  private final List<CodePoints> sets = new ArrayList<>();
  private final Map<CodePoints, Integer> setNumbers = new HashMap<>();

  // Edges of a state: label, target, label, target...
  private final List<int[]> edges = new ArrayList<>();

  private Nfa() {}

  /**
   * The texts that match as a whole.
   *
   * @throws GrammarException when the automaton is too large
   */
  static Dfa whole(Regex regex) throws GrammarException {
    return marked(Regex.sequence(Regex.optional(Regex.BEGIN), regex, Regex.optional(Regex.END)));
  }

  /**
   * The texts in which a match occurs somewhere, as JSON Schema's {@code pattern} means it.
   *
   * @throws GrammarException when the automaton is too large
   */
  static Dfa anywhere(Regex regex) throws GrammarException {
    Regex before = Regex.sequence(Regex.optional(Regex.BEGIN), Regex.ANY_TEXT);
    Regex after = Regex.sequence(Regex.ANY_TEXT, Regex.optional(Regex.END));
    return marked(
        Regex.sequence(Regex.either(Regex.EMPTY, before), regex, Regex.either(Regex.EMPTY, after)));
  }

  private static Dfa marked(Regex regex) throws GrammarException {
    Nfa nfa = new Nfa();
    int start = nfa.state();
    int end = nfa.build(regex, start);
    return nfa.determinise(start, end);
  }

  private int state() throws GrammarException {
    if (edges.size() == MAX_STATES) {
      throw new GrammarException(
          "",
          "the pattern is too large: its automaton has more than %,d states".formatted(MAX_STATES));
    }
    edges.add(new int[0]);
    return edges.size() - 1;
  }

  private void edge(int from, int label, int to) {
    int[] old = edges.get(from);
    int[] grown = Arrays.copyOf(old, old.length + 2);
    grown[old.length] = label;
    grown[old.length + 1] = to;
    edges.set(from, grown);
  }

  private int label(CodePoints set) {
    return setNumbers.computeIfAbsent(
        set,
        s -> {
          sets.add(s);
          return sets.size() - 1;
        });
  }

  /** Adds a part that begins at a state; returns the state where it ends. */
  private int build(Regex regex, int from) throws GrammarException {
    return switch (regex) {
      case Regex.Chars(CodePoints set) -> {
        int to = state();
        if (!set.isEmpty()) {
          edge(from, label(set), to);
        }
        yield to;
      }
      case Regex.Boundary(boolean begin) -> {
        int to = state();
        edge(from, begin ? BEGIN_MARK : END_MARK, to);
        yield to;
      }
      case Regex.Sequence(List<Regex> parts) -> sequence(parts, from);
      case Regex.Either(List<Regex> choices) -> {
        int to = state();
        for (Regex choice : choices) {
          int begin = state();
          edge(from, EPSILON, begin);
          edge(build(choice, begin), EPSILON, to);
        }
        yield to;
      }
      case Regex.Repeat(Regex part, int min, int max) -> repeat(part, min, max, from);
    };
  }

  private int sequence(List<Regex> parts, int from) throws GrammarException {
    int at = from;
    Regex before = Regex.EMPTY;
    for (Regex part : parts) {
      // A boundary said twice is said once: its mark is there only once.
      if (!(part instanceof Regex.Boundary && part.equals(before))) {
        at = build(part, at);
      }
      before = part;
    }
    return at;
  }

  private int repeat(Regex part, int min, int max, int from) throws GrammarException {
    int at = from;
    for (int i = 0; i < min; i++) {
      at = build(part, at);
    }
    int to = state();
    if (max == Regex.Repeat.UNBOUNDED) {
      int loop = state();
      edge(at, EPSILON, loop);
      edge(build(part, loop), EPSILON, loop);
      edge(loop, EPSILON, to);
      return to;
    }
    for (int i = min; i < max; i++) {
      edge(at, EPSILON, to);
      int begin = state();
      edge(at, EPSILON, begin);
      at = build(part, begin);
    }
    edge(at, EPSILON, to);
    return to;
  }

  private Dfa determinise(int start, int end) throws GrammarException {
    Alphabet alphabet = Alphabet.of(sets);
    int[][] classesOf = new int[sets.size()][];
    for (int i = 0; i < classesOf.length; i++) {
      classesOf[i] = alphabet.classesIn(sets.get(i));
    }
    Map<Subset, Integer> numbers = new LinkedHashMap<>();
    List<Subset> subsets = new ArrayList<>();
    List<int[]> rows = new ArrayList<>();
    // Before the text stands its begin mark, once.
    Subset first = closure(afterMark(closure(new int[] {start}), BEGIN_MARK).states);
    numbers.put(first, 0);
    subsets.add(first);
    for (int i = 0; i < subsets.size(); i++) {
      int[] row = new int[alphabet.classes()];
      Arrays.fill(row, Dfa.DEAD);
      rows.add(row);
      List<List<Integer>> targets = targets(subsets.get(i), classesOf, alphabet.classes());
      for (int c = 0; c < row.length; c++) {
        if (!targets.get(c).isEmpty()) {
          Subset next = closure(targets.get(c).stream().mapToInt(Integer::intValue).toArray());
          Integer number = numbers.get(next);
          if (number == null) {
            number = subsets.size();
            if (number >= Dfa.MAX_STATES) {
              throw Dfa.tooLarge();
            }
            numbers.put(next, number);
            subsets.add(next);
          }
          row[c] = number;
        }
      }
    }
    boolean[] accepting = new boolean[subsets.size()];
    for (int i = 0; i < accepting.length; i++) {
      Subset atEnd = closure(afterMark(subsets.get(i), END_MARK).states);
      accepting[i] = Arrays.binarySearch(atEnd.states, end) >= 0;
    }
    return Dfa.of(alphabet, rows, accepting);
  }

  private List<List<Integer>> targets(Subset subset, int[][] classesOf, int classes) {
    List<List<Integer>> targets = new ArrayList<>(classes);
    for (int c = 0; c < classes; c++) {
      targets.add(new ArrayList<>(2));
    }
    for (int state : subset.states) {
      int[] out = edges.get(state);
      for (int i = 0; i < out.length; i += 2) {
        if (out[i] >= 0) {
          for (int c : classesOf[out[i]]) {
            targets.get(c).add(out[i + 1]);
          }
        }
      }
    }
    return targets;
  }

  private Subset afterMark(Subset subset, int mark) {
    List<Integer> found = new ArrayList<>();
    for (int state : subset.states) {
      int[] out = edges.get(state);
      for (int i = 0; i < out.length; i += 2) {
        if (out[i] == mark) {
          found.add(out[i + 1]);
        }
      }
    }
    return new Subset(found.stream().mapToInt(Integer::intValue).toArray());
  }

  private Subset closure(int[] from) {
    java.util.BitSet seen = new java.util.BitSet();
    java.util.ArrayDeque<Integer> open = new java.util.ArrayDeque<>();
    for (int state : from) {
      if (!seen.get(state)) {
        seen.set(state);
        open.add(state);
      }
    }
    while (!open.isEmpty()) {
      int[] out = edges.get(open.remove());
      for (int i = 0; i < out.length; i += 2) {
        if (out[i] == EPSILON && !seen.get(out[i + 1])) {
          seen.set(out[i + 1]);
          open.add(out[i + 1]);
        }
      }
    }
    return new Subset(seen.stream().toArray());
  }

  /** States in ascending order. */
  private record Subset(int[] states) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Subset(int[] theirs) && Arrays.equals(states, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(states);
    }
  }
}

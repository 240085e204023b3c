package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thompson's construction of a {@link Regex}, and the subset construction of its {@link Dfa}.
 *
 * <p>The text stands between two marks, which {@link Regex.Boundary} matches as if they were
 * characters; the automaton is then asked what lies between the marks. So anchors mean what they
 * say anywhere in a pattern.
 */
final class Nfa {
  private static final int MAX_STATES = 200_000;

  /** Of all subsets together. */
  private static final int MAX_MEMBERS = 5_000_000;

  /** Of building the subsets: edges that are followed. About a second of a core. */
  private static final long MAX_STEPS = 40_000_000;

  /** An edge of this set is one without a character. */
  private static final int EPSILON = -1;

  private static final int BEGIN_MARK = -2;
  private static final int END_MARK = -3;

  private final List<CodePoints> sets = new ArrayList<>();
  private final Map<CodePoints, Integer> setNumbers = new HashMap<>();

  // Edges of a state: label, target, label, target...
  private final List<int[]> edges = new ArrayList<>();

  private long steps;
  private long members;

  /** For {@link #closure}: in which call a state was met last. */
  private int[] met = new int[0];

  private int calls;
  private int[] found = new int[0];

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
    met = new int[edges.size()];
    found = new int[edges.size()];
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
      @Nullable IntList[] targets = targets(subsets.get(i), classesOf, alphabet.classes());
      for (int c = 0; c < row.length; c++) {
        IntList target = targets[c];
        if (target != null) {
          Subset next = closure(target.toArray());
          Integer number = numbers.get(next);
          if (number == null) {
            number = subsets.size();
            Dfa.checkSize(number, row.length);
            remember(next);
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

  private void remember(Subset subset) throws GrammarException {
    members += subset.states.length;
    if (members > MAX_MEMBERS) {
      throw new GrammarException(
          "",
          "the pattern is too ambiguous: while it is turned into an automaton, its places are in more than %,d combinations"
              .formatted(MAX_MEMBERS));
    }
  }

  private void step() throws GrammarException {
    if (++steps > MAX_STEPS) {
      throw new GrammarException(
          "",
          "the pattern is too large: it takes more than %,d steps to turn it into an automaton"
              .formatted(MAX_STEPS));
    }
  }

  private @Nullable IntList[] targets(Subset subset, int[][] classesOf, int classes)
      throws GrammarException {
    @Nullable IntList[] targets = new IntList[classes];
    for (int state : subset.states) {
      int[] out = edges.get(state);
      for (int i = 0; i < out.length; i += 2) {
        if (out[i] >= 0) {
          for (int c : classesOf[out[i]]) {
            step();
            IntList target = targets[c];
            if (target == null) {
              target = new IntList();
              targets[c] = target;
            }
            target.add(out[i + 1]);
          }
        }
      }
    }
    return targets;
  }

  /** Numbers that grow in number. */
  private static final class IntList {
    private int[] values = new int[2];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  private Subset afterMark(Subset subset, int mark) {
    IntList after = new IntList();
    for (int state : subset.states) {
      int[] out = edges.get(state);
      for (int i = 0; i < out.length; i += 2) {
        if (out[i] == mark) {
          after.add(out[i + 1]);
        }
      }
    }
    return new Subset(after.toArray());
  }

  private Subset closure(int[] from) throws GrammarException {
    calls++;
    int size = 0;
    for (int state : from) {
      if (met[state] != calls) {
        met[state] = calls;
        found[size++] = state;
      }
    }
    for (int next = 0; next < size; next++) {
      int[] out = edges.get(found[next]);
      for (int i = 0; i < out.length; i += 2) {
        step();
        if (out[i] == EPSILON && met[out[i + 1]] != calls) {
          met[out[i + 1]] = calls;
          found[size++] = out[i + 1];
        }
      }
    }
    int[] states = Arrays.copyOf(found, size);
    Arrays.sort(states);
    return new Subset(states);
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

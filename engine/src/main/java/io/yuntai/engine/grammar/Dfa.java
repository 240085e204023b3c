package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic automaton over Unicode scalar values, trimmed: every state is reached from the
 * start, and from every state an accepting one. Immutable.
 *
 * <p>An empty language has no states and the start {@link #DEAD}.
 */
public final class Dfa {
  /** No state: nothing that follows can be accepted. */
  public static final int DEAD = -1;

  /** Most states of one automaton. */
  public static final int MAX_STATES = 60_000;

  /** Most entries of one automaton's table: a state for each class of characters. */
  static final int MAX_CELLS = 8_000_000;

  /** No text at all. */
  public static final Dfa NOTHING =
      new Dfa(new Alphabet(new int[] {0}, new int[] {0}, 1), new int[0], new boolean[0], DEAD);

  /** Every text. */
  public static final Dfa ANYTHING = anyText();

  private final Alphabet alphabet;
  private final int[] table;
  private final boolean[] accepting;
  private final int start;

  /**
   * @param table targets by state and class
   * @param accepting whether a text may end, by state
   */
  Dfa(Alphabet alphabet, int[] table, boolean[] accepting, int start) {
    this.alphabet = alphabet;
    this.table = table;
    this.accepting = accepting;
    this.start = start;
  }

  private static Dfa anyText() {
    return lengthBetween(0, -1);
  }

  /**
   * All texts of so many characters.
   *
   * @param min at least 0
   * @param max at least {@code min} and below {@link #MAX_STATES}, or -1 for no bound
   */
  public static Dfa lengthBetween(int min, int max) {
    Alphabet alphabet = Alphabet.ofOne(CodePoints.ALL);
    int any = alphabet.classesIn(CodePoints.ALL)[0];
    int states = (max < 0 ? min : max) + 1;
    int[] table = new int[states * alphabet.classes()];
    Arrays.fill(table, DEAD);
    boolean[] accepting = new boolean[states];
    for (int i = 0; i < states; i++) {
      accepting[i] = i >= min;
      table[i * alphabet.classes() + any] = i + 1 < states ? i + 1 : max < 0 ? i : DEAD;
    }
    return new Dfa(alphabet, table, accepting, 0);
  }

  /**
   * The texts that match a regular expression as a whole.
   *
   * @throws GrammarException when it is wrong, not regular, or too large
   */
  public static Dfa matching(String pattern) throws GrammarException {
    return Nfa.whole(RegexParser.parse(pattern));
  }

  /**
   * The texts in which a regular expression matches somewhere, as JSON Schema's {@code pattern}.
   *
   * @throws GrammarException when it is wrong, not regular, or too large
   */
  public static Dfa containing(String pattern) throws GrammarException {
    return Nfa.anywhere(RegexParser.parse(pattern));
  }

  /**
   * The texts that an automaton of the caller's accepts, found by walking it.
   *
   * @param symbols the ASCII characters that it knows
   * @param start its first state; states are compared by value
   * @param step the state after one more symbol; null for none
   * @param accepts where a text may end
   * @throws GrammarException when it has too many states
   */
  public static <S> Dfa explored(
      String symbols,
      S start,
      java.util.function.BiFunction<S, Character, @Nullable S> step,
      java.util.function.Predicate<S> accepts)
      throws GrammarException {
    List<CodePoints> sets = new ArrayList<>();
    symbols.chars().forEach(symbol -> sets.add(CodePoints.of(symbol)));
    Alphabet alphabet = Alphabet.of(sets);
    Map<S, Integer> numbers = new HashMap<>();
    List<S> states = new ArrayList<>(List.of(start));
    List<int[]> rows = new ArrayList<>();
    numbers.put(start, 0);
    for (int i = 0; i < states.size(); i++) {
      int[] row = new int[alphabet.classes()];
      Arrays.fill(row, DEAD);
      rows.add(row);
      for (int s = 0; s < symbols.length(); s++) {
        S next = step.apply(states.get(i), symbols.charAt(s));
        if (next != null) {
          Integer number = numbers.get(next);
          if (number == null) {
            number = states.size();
            checkSize(number, row.length);
            numbers.put(next, number);
            states.add(next);
          }
          row[alphabet.classesIn(sets.get(s))[0]] = number;
        }
      }
    }
    boolean[] accepting = new boolean[states.size()];
    for (int i = 0; i < accepting.length; i++) {
      accepting[i] = accepts.test(states.get(i));
    }
    return of(alphabet, rows, accepting);
  }

  /**
   * The texts of one automaton, and those of another after a minus.
   *
   * @throws GrammarException when it is too large
   */
  public static Dfa signed(Dfa positive, Dfa negative) throws GrammarException {
    return positive.or(negative.prefixed('-'));
  }

  /** Its texts with a character before each. */
  private Dfa prefixed(char first) {
    return isEmpty() ? this : new DfaProduct(this, onlyAlphabet(first)).behind(first);
  }

  private static Dfa onlyAlphabet(char character) {
    Alphabet alphabet = Alphabet.ofOne(CodePoints.of(character));
    return new Dfa(alphabet, new int[0], new boolean[0], DEAD);
  }

  /** Exactly one of these texts. */
  public static Dfa anyOf(Iterable<String> texts) throws GrammarException {
    List<Regex> choices = new ArrayList<>();
    for (String text : texts) {
      choices.add(Regex.text(text));
    }
    return Nfa.whole(new Regex.Either(choices));
  }

  /**
   * Trims and, where it is small, minimises.
   *
   * @param rows targets by class, or {@link #DEAD}; state 0 is the start
   */
  static Dfa of(Alphabet alphabet, List<int[]> rows, boolean[] accepting) {
    int classes = alphabet.classes();
    int[] table = new int[rows.size() * classes];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, table, i * classes, classes);
    }
    return DfaReduction.of(alphabet, table, accepting);
  }

  /**
   * Whether an automaton may have one more state.
   *
   * @throws GrammarException naming the bound
   */
  static void checkSize(int states, int classes) throws GrammarException {
    if (states >= MAX_STATES) {
      throw new GrammarException(
          "",
          "the pattern is too large: its automaton has more than %,d states".formatted(MAX_STATES));
    }
    if ((long) states * classes >= MAX_CELLS) {
      throw new GrammarException(
          "",
          "the pattern is too large: its automaton has more than %,d entries, %,d states of %,d kinds of characters"
              .formatted(MAX_CELLS, states, classes));
    }
  }

  /** Number of states. */
  public int size() {
    return accepting.length;
  }

  /** The first state, or {@link #DEAD} for the empty language. */
  public int start() {
    return start;
  }

  /** Whether there is no text at all. */
  public boolean isEmpty() {
    return start == DEAD;
  }

  /** Whether a text may end in this state. */
  public boolean accepts(int state) {
    return accepting[state];
  }

  /** The state after one more character, or {@link #DEAD}. */
  public int step(int state, int codePoint) {
    return target(state, alphabet.interval(codePoint));
  }

  /** Whether a whole text is in the language. */
  public boolean matches(String text) {
    int state = start;
    for (int i = 0; i < text.length() && state != DEAD; ) {
      int codePoint = text.codePointAt(i);
      state = step(state, codePoint);
      i += Character.charCount(codePoint);
    }
    return state != DEAD && accepting[state];
  }

  /** Whether nothing can follow in this state. */
  public boolean ends(int state) {
    int classes = alphabet.classes();
    for (int c = 0; c < classes; c++) {
      if (table[state * classes + c] != DEAD) {
        return false;
      }
    }
    return true;
  }

  /** Whether any character from {@code first} to {@code last} can follow. */
  boolean someIn(int state, int first, int last) {
    for (int i = alphabet.interval(first);
        i < alphabet.starts().length && alphabet.starts()[i] <= last;
        i++) {
      if (target(state, i) != DEAD) {
        return true;
      }
    }
    return false;
  }

  /** The one state to which all characters from {@code first} to {@code last} lead, or DEAD. */
  int uniform(int state, int first, int last) {
    int at = alphabet.interval(first);
    int target = target(state, at);
    for (at++; at < alphabet.starts().length && alphabet.starts()[at] <= last; at++) {
      if (target(state, at) != target) {
        return DEAD;
      }
    }
    return target;
  }

  /** The ranges of characters that can follow, with where they lead: first, last, target, ... */
  int[] edges(int state) {
    int[] edges = new int[3 * alphabet.starts().length];
    int size = 0;
    for (int i = 0; i < alphabet.starts().length; i++) {
      int target = target(state, i);
      if (target != DEAD) {
        edges[size] = alphabet.starts()[i];
        edges[size + 1] = alphabet.end(i);
        edges[size + 2] = target;
        size += 3;
      }
    }
    return Arrays.copyOf(edges, size);
  }

  /** Texts in both languages. */
  public Dfa and(Dfa other) throws GrammarException {
    return isEmpty() || other.isEmpty() ? NOTHING : new DfaProduct(this, other).combined(false);
  }

  /** Texts in this language, not in the other. */
  public Dfa minus(Dfa other) throws GrammarException {
    return isEmpty() || other.isEmpty() ? this : new DfaProduct(this, other).combined(true);
  }

  /** Texts that are in any of the two. */
  public Dfa or(Dfa other) throws GrammarException {
    return ANYTHING.minus(ANYTHING.minus(this).minus(other));
  }

  Alphabet alphabet() {
    return alphabet;
  }

  /** The state after one more character of a class of its alphabet, or {@link #DEAD}. */
  int after(int state, int characterClass) {
    return table[state * alphabet.classes() + characterClass];
  }

  private int target(int state, int interval) {
    return after(state, alphabet.classOf()[interval]);
  }
}

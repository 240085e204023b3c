package io.yuntai.engine.grammar;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Makes automata smaller: states that no accepting one follows go, and of small automata those that
 * behave alike become one.
 */
final class DfaReduction {
  /** Automata up to this size are minimised; larger ones are used as they are. */
  private static final int MAX_MINIMISED_STATES = 500;

  private static final int MAX_MINIMISED_CELLS = 50_000;

  private static final int NONE = -1;

  private final int classes;
  private final int states;
  private final int[] table;
  private final boolean[] accepting;

  /**
   * @param classes how many a row of the table has
   * @param table targets, row by row; state 0 is the start
   */
  private DfaReduction(int classes, int[] table, boolean[] accepting) {
    this.classes = classes;
    this.states = accepting.length;
    this.table = table;
    this.accepting = accepting;
  }

  /** The same language in fewer states, the first of which is its start. */
  static Dfa of(Alphabet alphabet, int[] table, boolean[] accepting) {
    DfaReduction whole = new DfaReduction(alphabet.classes(), table, accepting);
    BitSet live = whole.live();
    if (whole.states == 0 || !live.get(0)) {
      return Dfa.NOTHING;
    }
    DfaReduction least = whole.only(live).minimised();
    return new Dfa(alphabet, least.table, least.accepting, 0);
  }

  /** The states from which an accepting one is reached. */
  private BitSet live() {
    // For each state, from where edges lead to it: those of state i begin at begins[i].
    int[] begins = new int[states + 1];
    for (int target : table) {
      if (target != Dfa.DEAD) {
        begins[target + 1]++;
      }
    }
    for (int i = 0; i < states; i++) {
      begins[i + 1] += begins[i];
    }
    int[] sources = new int[begins[states]];
    int[] filled = Arrays.copyOf(begins, states);
    for (int i = 0; i < table.length; i++) {
      if (table[i] != Dfa.DEAD) {
        sources[filled[table[i]]++] = i / classes;
      }
    }
    BitSet live = new BitSet(states);
    int[] open = new int[states];
    int size = 0;
    for (int i = 0; i < states; i++) {
      if (accepting[i]) {
        live.set(i);
        open[size++] = i;
      }
    }
    while (size > 0) {
      int target = open[--size];
      for (int i = begins[target]; i < begins[target + 1]; i++) {
        if (!live.get(sources[i])) {
          live.set(sources[i]);
          open[size++] = sources[i];
        }
      }
    }
    return live;
  }

  private DfaReduction only(BitSet kept) {
    int[] numbers = new int[states];
    int size = 0;
    for (int i = 0; i < states; i++) {
      numbers[i] = kept.get(i) ? size++ : Dfa.DEAD;
    }
    return renumbered(numbers, size);
  }

  /** Moore's algorithm: parts are split by where their members lead, until nothing splits. */
  private DfaReduction minimised() {
    if (states > MAX_MINIMISED_STATES || states < 2 || table.length > MAX_MINIMISED_CELLS) {
      return this;
    }
    int[] parts = new int[states];
    for (int i = 0; i < states; i++) {
      parts[i] = accepting[i] ? 1 : 0;
    }
    int[] split = new int[states];
    int count = 0;
    while (true) {
      int finer = split(parts, split);
      if (finer == count) {
        return count == states ? this : renumbered(split, count);
      }
      count = finer;
      int[] before = parts;
      parts = split;
      split = before;
    }
  }

  /**
   * Numbers states by their part and by those that their edges lead to, in the order in which they
   * come. An agent's tools have thousands of small automata, and a session's first answer waits for
   * them: so a table of states' numbers, and no objects.
   *
   * @param split gets the numbers
   * @return how many there are
   */
  private int split(int[] parts, int[] split) {
    int mask = Integer.highestOneBit(states) * 4 - 1;
    int[] firsts = new int[mask + 1];
    Arrays.fill(firsts, NONE);
    int count = 0;
    for (int i = 0; i < states; i++) {
      int at = hash(parts, i) & mask;
      while (firsts[at] != NONE && !alike(parts, firsts[at], i)) {
        at = (at + 1) & mask;
      }
      if (firsts[at] == NONE) {
        firsts[at] = i;
        split[i] = count++;
      } else {
        split[i] = split[firsts[at]];
      }
    }
    return count;
  }

  private int hash(int[] parts, int state) {
    int hash = parts[state];
    for (int at = state * classes, end = at + classes; at < end; at++) {
      int target = table[at];
      hash = hash * 31 + (target == Dfa.DEAD ? Dfa.DEAD : parts[target]);
    }
    return hash ^ (hash >>> 15);
  }

  private boolean alike(int[] parts, int one, int other) {
    if (parts[one] != parts[other]) {
      return false;
    }
    for (int c = 0; c < classes; c++) {
      int first = table[one * classes + c];
      int second = table[other * classes + c];
      if (first != second
          && (first == Dfa.DEAD || second == Dfa.DEAD || parts[first] != parts[second])) {
        return false;
      }
    }
    return true;
  }

  /** The start keeps number 0 in both uses: it is the first state, and parts are numbered so. */
  private DfaReduction renumbered(int[] numbers, int size) {
    int[] smaller = new int[size * classes];
    boolean[] accept = new boolean[size];
    for (int i = 0; i < states; i++) {
      if (numbers[i] != Dfa.DEAD) {
        accept[numbers[i]] = accepting[i];
        for (int c = 0; c < classes; c++) {
          int target = table[i * classes + c];
          smaller[numbers[i] * classes + c] = target == Dfa.DEAD ? Dfa.DEAD : numbers[target];
        }
      }
    }
    return new DfaReduction(classes, smaller, accept);
  }
}

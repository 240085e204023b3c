package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Two automata side by side, over the common refinement of their alphabets. */
final class DfaProduct {
  private final Dfa a;
  private final Dfa b;
  private final Alphabet alphabet;

  /** For each class of the common alphabet, the class of {@code a}, and that of {@code b}. */
  private final int[] classesOfA;

  private final int[] classesOfB;

  DfaProduct(Dfa a, Dfa b) {
    this.a = a;
    this.b = b;
    int[] starts =
        IntStream.concat(Arrays.stream(a.alphabet().starts()), Arrays.stream(b.alphabet().starts()))
            .sorted()
            .distinct()
            .toArray();
    Map<Long, Integer> numbers = new HashMap<>();
    int[] classOf = new int[starts.length];
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int classA = a.alphabet().classOf()[a.alphabet().interval(starts[i])];
      int classB = b.alphabet().classOf()[b.alphabet().interval(starts[i])];
      Integer number = numbers.get(key(classA, classB));
      if (number == null) {
        number = pairs.size();
        numbers.put(key(classA, classB), number);
        pairs.add(new int[] {classA, classB});
      }
      classOf[i] = number;
    }
    alphabet = new Alphabet(starts, classOf, pairs.size());
    classesOfA = pairs.stream().mapToInt(pair -> pair[0]).toArray();
    classesOfB = pairs.stream().mapToInt(pair -> pair[1]).toArray();
  }

  /**
   * The texts of {@code a} that are in {@code b}, or those that are not.
   *
   * @param without whether they must not be
   * @throws GrammarException when there are too many states
   */
  Dfa combined(boolean without) throws GrammarException {
    Map<Long, Integer> numbers = new HashMap<>();
    List<int[]> states = new ArrayList<>();
    List<int[]> rows = new ArrayList<>();
    states.add(new int[] {a.start(), b.start()});
    numbers.put(key(a.start(), b.start()), 0);
    for (int i = 0; i < states.size(); i++) {
      int stateA = states.get(i)[0];
      int stateB = states.get(i)[1];
      int[] row = new int[alphabet.classes()];
      rows.add(row);
      for (int c = 0; c < row.length; c++) {
        int nextA = a.after(stateA, classesOfA[c]);
        int nextB = stateB == Dfa.DEAD ? Dfa.DEAD : b.after(stateB, classesOfB[c]);
        if (nextA == Dfa.DEAD || (nextB == Dfa.DEAD && !without)) {
          row[c] = Dfa.DEAD;
          continue;
        }
        Integer number = numbers.get(key(nextA, nextB));
        if (number == null) {
          number = states.size();
          Dfa.checkSize(number, row.length);
          numbers.put(key(nextA, nextB), number);
          states.add(new int[] {nextA, nextB});
        }
        row[c] = number;
      }
    }
    boolean[] accepting = new boolean[states.size()];
    for (int i = 0; i < accepting.length; i++) {
      int stateB = states.get(i)[1];
      boolean inB = stateB != Dfa.DEAD && b.accepts(stateB);
      accepting[i] = a.accepts(states.get(i)[0]) && inB != without;
    }
    return Dfa.of(alphabet, rows, accepting);
  }

  /**
   * The texts of {@code a}, each behind a character that {@code b}'s alphabet tells from others.
   */
  Dfa behind(char first) {
    List<int[]> rows = new ArrayList<>();
    boolean[] accepting = new boolean[a.size() + 1];
    int[] begin = new int[alphabet.classes()];
    Arrays.fill(begin, Dfa.DEAD);
    begin[alphabet.classOf()[alphabet.interval(first)]] = a.start() + 1;
    rows.add(begin);
    for (int state = 0; state < a.size(); state++) {
      int[] row = new int[alphabet.classes()];
      for (int c = 0; c < row.length; c++) {
        int target = a.after(state, classesOfA[c]);
        row[c] = target == Dfa.DEAD ? Dfa.DEAD : target + 1;
      }
      rows.add(row);
      accepting[state + 1] = a.accepts(state);
    }
    return Dfa.of(alphabet, rows, accepting);
  }

  private static long key(int first, int second) {
    return (long) first << 32 | (second & 0xFFFFFFFFL);
  }
}

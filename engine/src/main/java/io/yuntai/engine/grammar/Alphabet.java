package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * All code points, cut into intervals whose members no automaton here tells apart; intervals that
 * behave alike share a class. Surrogates are in intervals, but no set holds them.
 *
 * @param starts the first code point of each interval, ascending from 0
 * @param classOf the class of each interval, 0 to {@code classes}, exclusive
 * @param classes how many there are
 */
record Alphabet(int[] starts, int[] classOf, int classes) {
  /** Most intervals of all sets together. */
  static final int MAX_INTERVALS = 2_000_000;

  /** The alphabet of one set and the rest. */
  static Alphabet ofOne(CodePoints set) {
    return of(List.of(set), cuts(List.of(set)));
  }

  /**
   * The coarsest alphabet in which each set is a union of classes.
   *
   * @throws GrammarException when the sets cut each other into too many pieces
   */
  static Alphabet of(List<CodePoints> sets) throws GrammarException {
    int[] starts = cuts(sets);
    long intervals = 0;
    for (CodePoints set : sets) {
      int[] bounds = set.bounds();
      for (int i = 0; i < bounds.length; i += 2) {
        intervals += 1 + indexOf(starts, bounds[i + 1]) - indexOf(starts, bounds[i]);
      }
    }
    if (intervals > MAX_INTERVALS) {
      throw new GrammarException(
          "",
          "the pattern is too large: its classes of characters cut each other into more than %,d pieces"
              .formatted(MAX_INTERVALS));
    }
    return of(sets, starts);
  }

  private static int[] cuts(List<CodePoints> sets) {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, (int) Character.MIN_SURROGATE));
    cuts.add(Character.MAX_SURROGATE + 1);
    for (CodePoints set : sets) {
      int[] bounds = set.bounds();
      for (int i = 0; i < bounds.length; i += 2) {
        cuts.add(bounds[i]);
        if (bounds[i + 1] < CodePoints.MAX) {
          cuts.add(bounds[i + 1] + 1);
        }
      }
    }
    return cuts.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Alphabet of(List<CodePoints> sets, int[] starts) {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      members.add(new ArrayList<>(2));
    }
    for (int s = 0; s < sets.size(); s++) {
      int[] bounds = sets.get(s).bounds();
      for (int i = 0; i < bounds.length; i += 2) {
        for (int at = indexOf(starts, bounds[i]);
            at < starts.length && starts[at] <= bounds[i + 1];
            at++) {
          members.get(at).add(s);
        }
      }
    }
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    int[] classOf = new int[starts.length];
    for (int i = 0; i < classOf.length; i++) {
      Integer number = numbers.get(members.get(i));
      if (number == null) {
        number = numbers.size();
        numbers.put(members.get(i), number);
      }
      classOf[i] = number;
    }
    return new Alphabet(starts, classOf, numbers.size());
  }

  /** The interval of a code point. */
  int interval(int codePoint) {
    return indexOf(starts, codePoint);
  }

  /** The last code point of an interval. */
  int end(int interval) {
    return interval + 1 < starts.length ? starts[interval + 1] - 1 : CodePoints.MAX;
  }

  /** The classes whose members are in a set, one of those that the alphabet was made for. */
  int[] classesIn(CodePoints set) {
    boolean[] found = new boolean[classes];
    int[] bounds = set.bounds();
    for (int i = 0; i < bounds.length; i += 2) {
      for (int at = interval(bounds[i]); at < starts.length && starts[at] <= bounds[i + 1]; at++) {
        found[classOf[at]] = true;
      }
    }
    int[] result = new int[classes];
    int size = 0;
    for (int c = 0; c < classes; c++) {
      if (found[c]) {
        result[size++] = c;
      }
    }
    return Arrays.copyOf(result, size);
  }

  private static int indexOf(int[] starts, int codePoint) {
    int found = Arrays.binarySearch(starts, codePoint);
    return found >= 0 ? found : -found - 2;
  }
}

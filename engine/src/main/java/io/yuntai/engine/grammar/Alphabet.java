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
  /** The coarsest alphabet in which each set is a union of classes. */
  static Alphabet of(List<CodePoints> sets) {
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
    int[] starts = cuts.stream().mapToInt(Integer::intValue).toArray();
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

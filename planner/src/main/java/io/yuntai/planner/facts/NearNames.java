package io.yuntai.planner.facts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that a slip may have meant. */
public final class NearNames {
  private static final int MAX_HINTS = 3;

  private NearNames() {}

  /** The nearest of those there are, the nearest first; three at most. */
  public static List<String> of(String name, Collection<String> known) {
    List<String> names = new ArrayList<>(known);
    names.sort(Comparator.comparingInt(one -> distance(name, one)));
    return List.copyOf(names.subList(0, Math.min(MAX_HINTS, names.size())));
  }

  /** Levenshtein's: insertions, deletions and replacements. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}

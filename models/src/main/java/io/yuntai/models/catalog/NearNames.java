package io.yuntai.models.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Names that a person may have meant, by the edits between them (Levenshtein with swapped
 * neighbours counted once).
 */
final class NearNames {
  private static final int SUGGESTIONS_MAX = 3;

  private NearNames() {}

  private record Candidate(CatalogEntry entry, int distance) {}

  /** Nearest first; of a family that exists, its own sizes; nothing where nothing is near. */
  static List<String> of(String unknown, List<CatalogEntry> entries) {
    String name = unknown.toLowerCase(Locale.ROOT);
    int colon = name.indexOf(':');
    String family = colon < 0 ? name : name.substring(0, colon);
    boolean knownFamily = entries.stream().anyMatch(entry -> entry.family().equals(family));
    int distanceMax = knownFamily ? Integer.MAX_VALUE : 1 + name.length() / 3;
    return entries.stream()
        .filter(entry -> !knownFamily || entry.family().equals(family))
        .map(entry -> new Candidate(entry, edits(name, colon < 0 ? entry.family() : entry.name())))
        .filter(candidate -> candidate.distance() <= distanceMax)
        .sorted(Comparator.comparingInt(Candidate::distance))
        .limit(SUGGESTIONS_MAX)
        .map(candidate -> candidate.entry().name())
        .toList();
  }

  static int edits(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}

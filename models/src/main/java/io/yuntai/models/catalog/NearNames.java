package io.yuntai.models.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that a person may have meant, by the edits between them ({@link EditDistance}). */
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
        .map(entry ->
            new Candidate(
                entry, EditDistance.between(name, colon < 0 ? entry.family() : entry.name())))
        .filter(candidate -> candidate.distance() <= distanceMax)
        .sorted(Comparator.comparingInt(Candidate::distance))
        .limit(SUGGESTIONS_MAX)
        .map(candidate -> candidate.entry().name())
        .toList();
  }
}

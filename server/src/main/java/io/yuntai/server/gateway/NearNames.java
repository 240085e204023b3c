package io.yuntai.server.gateway;

import io.yuntai.models.catalog.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which of the known names somebody may have meant. */
final class NearNames {
  private static final int MOST = 3;

  /** Longer names are not worth a quadratic comparison. */
  private static final int LONGEST = 256;

  private NearNames() {}

  static List<String> of(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return List.of();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    record Candidate(String name, int distance) {}
    return known.stream()
        .map(k -> new Candidate(k, distance(wanted, k.toLowerCase(Locale.ROOT))))
        .filter(c -> c.distance <= Math.max(2, wanted.length() / 3))
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(MOST)
        .map(Candidate::name)
        .toList();
  }

  /** The edits between two names, but 1 where one name only goes on from the other. */
  private static int distance(String a, String b) {
    if (!a.isEmpty() && (b.startsWith(a) || b.endsWith(a) || a.startsWith(b))) {
      return a.equals(b) ? 0 : 1;
    }
    return EditDistance.between(a, b);
  }
}

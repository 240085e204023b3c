package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Facts by name. Names are paths with dots; asking for one that is not there is an error. */
public final class Facts {
  private static final int MAX_HINTS = 3;

  private final NavigableMap<String, Fact> byName;

  private Facts(NavigableMap<String, Fact> byName) {
    this.byName = byName;
  }

  /** What comes with the program. */
  public static Facts defaults() {
    NavigableMap<String, Fact> all = new TreeMap<>();
    for (String file : List.of("chips.toml", "models.toml", "serving.toml", "costs.toml")) {
      all.putAll(FactsReader.resource(file));
    }
    return new Facts(all);
  }

  /**
   * These, with others in the place of those of the same name.
   *
   * @param replacing all of which must be known: a name that is not is likely a slip
   */
  public Facts with(Map<String, Fact> replacing) {
    NavigableMap<String, Fact> all = new TreeMap<>(byName);
    for (Fact fact : replacing.values()) {
      Fact known = get(fact.name());
      if (!known.unit().sameDimension(fact.unit())) {
        throw new PlannerException(
            "%s is in %s, and can't be replaced by %s."
                .formatted(fact.name(), known.unit().text(), fact.unit().text()));
      }
      all.put(fact.name(), fact);
    }
    return new Facts(all);
  }

  /**
   * One of them.
   *
   * @throws PlannerException naming the nearest names when it is not there
   */
  public Fact get(String name) {
    Fact fact = byName.get(name);
    if (fact == null) {
      throw new PlannerException(
          "No number is called '%s'; near it are %s."
              .formatted(name, String.join(", ", near(name))));
    }
    return fact;
  }

  /** Whether there is one of this name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** All of them, by name. */
  public Collection<Fact> all() {
    return List.copyOf(byName.values());
  }

  /** The names one level below a path: the chips, for {@code chip}. */
  public List<String> below(String path) {
    String prefix = path + ".";
    return byName.tailMap(prefix, true).keySet().stream()
        .takeWhile(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()).split("\\.", -1)[0])
        .distinct()
        .toList();
  }

  private List<String> near(String name) {
    List<String> names = new ArrayList<>(byName.keySet());
    names.sort(Comparator.comparingInt(known -> distance(name, known)));
    return names.subList(0, Math.min(MAX_HINTS, names.size()));
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

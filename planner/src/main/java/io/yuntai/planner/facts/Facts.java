package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Facts by name. Names are paths with dots; asking for one that is not there is an error. */
public final class Facts {
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
              .formatted(name, String.join(", ", NearNames.of(name, byName.keySet()))));
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
}

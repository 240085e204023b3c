package io.yuntai.planner.plan;

import java.util.List;
import java.util.Map;

/**
 * Capacity of others.
 *
 * @param regions that it may serve
 * @param kind what is paid
 * @param price by kind: of a server for an hour of use, of a server for an hour of the term, or a
 *     factor on the prices of units; in the plan's currency (not millions)
 * @param upfront of a server that is reserved, in millions, paid when the term begins
 * @param termQuarters of a reservation; 1 for the others
 * @param most servers at once, or for {@link Kind#API} units a second; by quarter
 * @param unitsPerSecond that one server serves of each class, or for {@link Kind#API} the price of
 *     a million units
 */
public record Contract(
    String name,
    List<String> regions,
    Kind kind,
    Series price,
    double upfront,
    int termQuarters,
    Series most,
    Map<String, Double> unitsPerSecond) {
  /** What is paid. */
  public enum Kind {
    /** Servers by the hour in which they work. */
    ON_DEMAND,
    /** Servers for a term, whether they work or not. */
    RESERVED,
    /** Units that were served. */
    API
  }

  /** Checks the ranges. */
  public Contract {
    Cells.name("contracts.name", name);
    String cell = "contracts." + name;
    regions = List.copyOf(regions);
    price.check(cell + ".price", 0, Cells.ABSURD);
    Cells.range(cell + ".upfront", upfront, 0, kind == Kind.RESERVED ? Cells.ABSURD : 0);
    Cells.range(cell + ".termQuarters", termQuarters, 1, kind == Kind.RESERVED ? 80 : 1);
    most.check(cell + ".most", 0, Double.POSITIVE_INFINITY);
    unitsPerSecond = Map.copyOf(unitsPerSecond);
    unitsPerSecond.forEach(
        (work, rate) -> Cells.range(cell + ".unitsPerSecond." + work, rate, 0, Cells.ABSURD));
  }

  /** Whether it serves a class in a region. */
  public boolean serves(String workClass, String region) {
    return unitsPerSecond.containsKey(workClass) && regions.contains(region);
  }
}

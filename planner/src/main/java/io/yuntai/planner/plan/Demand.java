package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What will be asked for: by class, region, block and quarter, and by scenario where they differ.
 */
public final class Demand {
  /** Units a second; more is a slip. */
  public static final double MOST_UNITS = 1e15;

  private final List<Row> rows;
  private final Map<Key, Series> byKey;

  private record Key(String workClass, String region, String block, String scenario) {}

  /**
   * One line.
   *
   * @param scenario the scenario it holds in; empty for all, then multiplied by the scenario's
   *     factor
   * @param unitsPerSecond by quarter
   */
  public record Row(
      String workClass, String region, String block, String scenario, Series unitsPerSecond) {
    /** Checks the range. */
    public Row {
      unitsPerSecond.check(cell(workClass, region, block, scenario), 0, MOST_UNITS);
    }
  }

  private Demand(List<Row> rows, Map<Key, Series> byKey) {
    this.rows = rows;
    this.byKey = byKey;
  }

  /** Of lines, each for another cell; where no line is, nothing is asked for. */
  public static Demand of(List<Row> rows) {
    Map<Key, Series> byKey = new HashMap<>();
    for (Row row : rows) {
      Key key = new Key(row.workClass, row.region, row.block, row.scenario);
      if (byKey.put(key, row.unitsPerSecond) != null) {
        throw new PlannerException(
            "%s is there twice; leave one of the lines out."
                .formatted(cell(row.workClass, row.region, row.block, row.scenario)));
      }
    }
    return new Demand(List.copyOf(rows), byKey);
  }

  /** The lines. */
  public List<Row> rows() {
    return rows;
  }

  /** Units a second. */
  public double at(String workClass, String region, String block, int quarter, Scenario scenario) {
    Series own = byKey.get(new Key(workClass, region, block, scenario.name()));
    if (own != null) {
      return own.at(quarter);
    }
    Series all = byKey.get(new Key(workClass, region, block, ""));
    return all == null ? 0 : all.at(quarter) * scenario.demandFactor().at(quarter);
  }

  private static String cell(String workClass, String region, String block, String scenario) {
    return "demand of %s in %s, %s%s"
        .formatted(workClass, region, block, scenario.isEmpty() ? "" : ", scenario " + scenario);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Demand demand && rows.equals(demand.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  @Override
  public String toString() {
    return rows.toString();
  }
}

package io.yuntai.console.money;

import io.yuntai.ledger.usage.SpendLeaf;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was spent as a tree: tenant, project, key, model. Every branch is the exact sum of its own.
 *
 * @param rows in the order in which they are shown
 */
public record SpendTree(List<Row> rows) {
  /** Copies the list. */
  public SpendTree {
    rows = List.copyOf(rows);
  }

  /** What a row is of. */
  public enum Level {
    TENANT,
    PROJECT,
    KEY,
    MODEL
  }

  /**
   * A branch or a leaf.
   *
   * @param name of what it is; empty where nobody's
   * @param project that it lies in; empty for the tenant
   * @param key that it lies in; empty above keys
   * @param model of a leaf; empty above
   */
  public record Row(
      Level level,
      String name,
      String project,
      String key,
      String model,
      long requests,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      BigDecimal amount) {
    private Row plus(SpendLeaf leaf) {
      return new Row(
          level,
          name,
          project,
          key,
          model,
          requests + leaf.requests(),
          inputTokens + leaf.inputTokens(),
          cachedTokens + leaf.cachedTokens(),
          outputTokens + leaf.outputTokens(),
          amount.add(leaf.amount()));
    }

    private static Row empty(Level level, String name, String project, String key, String model) {
      return new Row(level, name, project, key, model, 0, 0, 0, 0, BigDecimal.ZERO.setScale(12));
    }
  }

  private record Place(Level level, String project, String key, String model) {}

  /**
   * Of leaves, which are in the order of projects, keys and models.
   *
   * @param tenant its name
   */
  static SpendTree of(String tenant, List<SpendLeaf> leaves) {
    Map<Place, Row> rows = new LinkedHashMap<>();
    add(rows, new Place(Level.TENANT, "", "", ""), tenant, List.of());
    for (SpendLeaf leaf : leaves) {
      List<SpendLeaf> one = List.of(leaf);
      add(rows, new Place(Level.TENANT, "", "", ""), tenant, one);
      add(rows, new Place(Level.PROJECT, leaf.project(), "", ""), leaf.project(), one);
      add(
          rows,
          new Place(Level.KEY, leaf.project(), leaf.key(), ""),
          leaf.keyName().isEmpty() ? leaf.key() : leaf.keyName(),
          one);
      add(
          rows,
          new Place(Level.MODEL, leaf.project(), leaf.key(), leaf.model()),
          leaf.model(),
          one);
    }
    return new SpendTree(new ArrayList<>(rows.values()));
  }

  private static void add(Map<Place, Row> rows, Place place, String name, List<SpendLeaf> leaves) {
    Row row =
        rows.computeIfAbsent(
            place, at -> Row.empty(at.level(), name, at.project(), at.key(), at.model()));
    for (SpendLeaf leaf : leaves) {
      row = row.plus(leaf);
    }
    rows.put(place, row);
  }

  /** The whole. */
  public BigDecimal amount() {
    return rows.getFirst().amount();
  }

  /** How many requests it is of. */
  public long requests() {
    return rows.getFirst().requests();
  }
}

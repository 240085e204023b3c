package io.yuntai.console.money;

import io.yuntai.console.page.Ui;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.server.http.FormFields;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was spent as a tree: tenant, project, key or person, model. Every branch is the exact sum of
 * its own.
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
    TENANT(0),
    PROJECT(1),
    KEY(2),
    MODEL(3);

    private final int depth;

    Level(int depth) {
      this.depth = depth;
    }

    /** How deep it lies below the root. */
    int depth() {
      return depth;
    }
  }

  /**
   * A branch or a leaf.
   *
   * @param name of a tenant, project, key or model; empty where there is none
   * @param project that it lies in; empty for the tenant
   * @param key that it lies in; empty above keys
   * @param person who asked without a key; empty above and for keys
   * @param model of a leaf; empty above
   */
  public record Row(
      Level level,
      String name,
      String project,
      String key,
      String person,
      String model,
      long requests,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      BigDecimal amount) {
    /** What kind of thing it is of, as messages name it. */
    public String kind() {
      return level == Level.KEY && !person.isEmpty()
          ? "person"
          : level.name().toLowerCase(Locale.ROOT);
    }

    /** What it is of, as the reader's language says it. */
    public String title(Ui ui) {
      if (!name.isEmpty()) {
        return name;
      }
      if (level == Level.PROJECT) {
        return ui.text("money.tree.no-project");
      }
      return person.isEmpty() ? ui.text("money.nobody") : ui.text("money.tree.in-console", person);
    }

    /**
     * The requests that it is the sum of, in the log; empty where the log has no filter for them:
     * those of no project, and those that neither a key nor a person asked.
     */
    String log(String tenant, Months month, Instant now) {
      boolean unnamed =
          level == Level.PROJECT ? project.isEmpty() : key.isEmpty() && person.isEmpty();
      if (level != Level.TENANT && unnamed) {
        return "";
      }
      Map<String, List<String>> query = new LinkedHashMap<>();
      query.put("tenant", List.of(tenant));
      query.put("project", List.of(project));
      query.put("key", List.of(key));
      query.put("person", List.of(person));
      query.put("model", List.of(model));
      query.put("from", List.of(month.from().toString()));
      query.put("to", List.of(month.contains(now) ? "" : month.to().toString()));
      query.values().removeIf(values -> values.getFirst().isEmpty());
      return "/console/requests?" + new FormFields(query).encoded();
    }

    private Row plus(SpendLeaf leaf) {
      return new Row(
          level,
          name,
          project,
          key,
          person,
          model,
          requests + leaf.requests(),
          inputTokens + leaf.inputTokens(),
          cachedTokens + leaf.cachedTokens(),
          outputTokens + leaf.outputTokens(),
          amount.add(leaf.amount()));
    }

    private static Row empty(Place at, String name) {
      return new Row(
          at.level(),
          name,
          at.project(),
          at.key(),
          at.person(),
          at.model(),
          0,
          0,
          0,
          0,
          BigDecimal.ZERO.setScale(12));
    }
  }

  private record Place(Level level, String project, String key, String person, String model) {}

  /**
   * Of leaves, which are in the order of projects, keys and models.
   *
   * @param tenant its name
   */
  static SpendTree of(String tenant, List<SpendLeaf> leaves) {
    Map<Place, Row> rows = new LinkedHashMap<>();
    add(rows, new Place(Level.TENANT, "", "", "", ""), tenant, List.of());
    for (SpendLeaf leaf : leaves) {
      List<SpendLeaf> one = List.of(leaf);
      add(rows, new Place(Level.TENANT, "", "", "", ""), tenant, one);
      add(rows, new Place(Level.PROJECT, leaf.project(), "", "", ""), leaf.project(), one);
      add(
          rows,
          new Place(Level.KEY, leaf.project(), leaf.key(), leaf.person(), ""),
          leaf.keyName().isEmpty() ? leaf.key() : leaf.keyName(),
          one);
      add(
          rows,
          new Place(Level.MODEL, leaf.project(), leaf.key(), leaf.person(), leaf.model()),
          leaf.model(),
          one);
    }
    return new SpendTree(new ArrayList<>(rows.values()));
  }

  private static void add(Map<Place, Row> rows, Place place, String name, List<SpendLeaf> leaves) {
    Row row = rows.computeIfAbsent(place, at -> Row.empty(at, name));
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

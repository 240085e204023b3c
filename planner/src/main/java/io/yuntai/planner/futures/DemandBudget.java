package io.yuntai.planner.futures;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A box round demand with a budget of uncertainty (D. Bertsimas and M. Sim, 2004): each demand may
 * be above or below what is expected, but only so many deviate at once, the last perhaps in part.
 * What a plan is worth is concave in demand once its first decisions are made, so that the worst of
 * all such demands is a corner of that set: a plan for its corners is a plan for all of it. What is
 * begun whole after deviations are known (phases, whole batches) is not concave: for that the plan
 * is one for the corners.
 *
 * @param up share by which a demand may be above; 0.2 for 20 %
 * @param down share by which it may be below, 1 at most
 * @param atOnce how many deviate at once, at most: Γ; 0 is what is expected, the number of all
 *     demands the whole box
 * @param by what deviates on its own
 * @param knownFrom the first quarter in which deviations come and are known, counted from 0
 */
public record DemandBudget(double up, double down, double atOnce, By by, int knownFrom) {
  /** Futures of a plan; more take too long to solve. */
  public static final int MOST_FUTURES = 64;

  private static final String EXPECTED = "as expected";
  private static final int NAME_CHARS = 80;

  /** What deviates on its own. */
  public enum By {
    /** All demand of a region together. */
    REGION,
    /** All demand of a class. */
    CLASS,
    /** Each class in each region. */
    CLASS_AND_REGION
  }

  /** Checks the ranges. */
  public DemandBudget {
    if (!(up >= 0 && up <= 100 && down >= 0 && down <= 1 && atOnce >= 0)) {
      throw new PlannerException(
          "Demand may be from 0 to 100 times above and from 0 to 1 below what is expected, 0 or more at once; not %s, %s and %s."
              .formatted(up, down, atOnce));
    }
    if (knownFrom < 1) {
      throw new PlannerException(
          "Deviations are known from the second quarter on at the earliest.");
    }
  }

  /**
   * What is expected, and all corners.
   *
   * @param expected for all scenarios alike
   * @param quarters of the plan
   * @throws PlannerException where there are more than {@link #MOST_FUTURES}
   */
  public Futures of(Demand expected, int quarters) {
    List<String> groups = new ArrayList<>();
    for (Demand.Row row : expected.rows()) {
      boolean asked = java.util.Arrays.stream(row.unitsPerSecond().values()).anyMatch(u -> u > 0);
      if (asked && !groups.contains(group(row))) {
        groups.add(group(row));
      }
    }
    SequencedMap<List<Double>, String> corners = corners(groups);
    double share = 1.0 / (corners.size() + 1);
    List<Scenario> scenarios = new ArrayList<>();
    List<Demand.Row> rows = new ArrayList<>(expected.rows());
    scenarios.add(Scenario.of(EXPECTED, share, "", 0, Series.ONE));
    corners.forEach((factors, name) -> {
      scenarios.add(Scenario.of(name, share, EXPECTED, knownFrom, Series.ONE));
      for (Demand.Row row : expected.rows()) {
        int group = groups.indexOf(group(row));
        if (group >= 0 && factors.get(group) != 1) {
          rows.add(deviating(row, name, factors.get(group), quarters));
        }
      }
    });
    return new Futures(scenarios, Demand.of(rows));
  }

  private String group(Demand.Row row) {
    return switch (by) {
      case REGION -> row.region();
      case CLASS -> row.workClass();
      case CLASS_AND_REGION -> row.workClass() + " of " + row.region();
    };
  }

  private Demand.Row deviating(Demand.Row row, String scenario, double factor, int quarters) {
    double[] units = new double[Math.max(quarters, knownFrom + 1)];
    for (int t = 0; t < units.length; t++) {
      double expected = row.unitsPerSecond().at(t);
      units[t] = t < knownFrom ? expected : expected * factor;
    }
    return new Demand.Row(row.workClass(), row.region(), row.block(), scenario, Series.of(units));
  }

  /** By what each group is multiplied, and what the corner is called; the expected one left out. */
  private SequencedMap<List<Double>, String> corners(List<String> groups) {
    SequencedMap<List<Double>, String> corners = new LinkedHashMap<>();
    int whole = (int) Math.min(groups.size(), Math.floor(atOnce));
    double part = whole < groups.size() ? atOnce - Math.floor(atOnce) : 0;
    if (up > 0 || down > 0) {
      double[] factors = new double[groups.size()];
      java.util.Arrays.fill(factors, 1);
      choose(groups, factors, 0, whole, part, false, corners);
    }
    return corners;
  }

  /** Lets the next groups deviate in every way: so many in full, and one in part. */
  private void choose(
      List<String> groups,
      double[] factors,
      int from,
      int whole,
      double part,
      boolean stays,
      Map<List<Double>, String> corners) {
    if (whole == 0) {
      add(groups, factors, corners);
      for (int j = 0; part > 0 && !stays && j < groups.size(); j++) {
        for (double deviation : factors[j] == 1 ? deviations(false) : List.<Double>of()) {
          factors[j] = 1 + part * deviation;
          add(groups, factors, corners);
          factors[j] = 1;
        }
      }
      return;
    }
    for (int j = from; j <= groups.size() - whole; j++) {
      for (double deviation : deviations(true)) {
        factors[j] = 1 + deviation;
        choose(groups, factors, j + 1, whole - 1, part, stays || deviation == 0, corners);
        factors[j] = 1;
      }
    }
  }

  /** Where only one way is open, not deviating is a corner, too. */
  private List<Double> deviations(boolean orNone) {
    List<Double> deviations = new ArrayList<>();
    if (up > 0) {
      deviations.add(up);
    }
    if (down > 0) {
      deviations.add(-down);
    }
    if (orNone && deviations.size() == 1) {
      deviations.add(0.0);
    }
    return deviations;
  }

  private void add(List<String> groups, double[] factors, Map<List<Double>, String> corners) {
    List<Double> corner = java.util.Arrays.stream(factors).boxed().toList();
    if (corner.stream().allMatch(factor -> factor == 1) || corners.containsKey(corner)) {
      return;
    }
    if (corners.size() + 1 == MOST_FUTURES) {
      throw new PlannerException(
          "So many demands that deviate at once make more than %d futures, which takes too long; let fewer deviate at once, only upwards, or whole regions or classes."
              .formatted(MOST_FUTURES));
    }
    corners.put(corner, name(groups, factors, corners.size() + 1));
  }

  private String name(List<String> groups, double[] factors, int number) {
    List<String> parts = new ArrayList<>();
    for (int j = 0; j < factors.length; j++) {
      if (factors[j] != 1) {
        boolean whole = factors[j] == 1 + up || factors[j] == 1 - down;
        parts.add(groups.get(j) + (whole ? "" : " in part") + (factors[j] > 1 ? " up" : " down"));
      }
    }
    String name = String.join(" + ", parts);
    return name.length() <= NAME_CHARS ? name : "future " + number;
  }
}

package io.yuntai.planner.futures;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * A fan of quantiles as a tree of scenarios: at each branch demand takes one of some quantiles, and
 * which one is known from then on. What quarters after a branch vary by is what the fan has become
 * wider by since: increments that know nothing of each other, whose squares add up.
 *
 * @param branches quarters from which on it is known, counted from 0, rising, above 0
 * @param levels of the quantiles, rising, between 0 and 1
 * @param weights probability of each; they add up to 1
 */
public record FanTree(List<Integer> branches, List<Double> levels, List<Double> weights) {
  /** Leaves of a tree; more take too long to solve. */
  public static final int MOST_LEAVES = 27;

  private static final List<String> THREE = List.of("low", "middle", "high");

  /** What a quarter stays below with a probability. */
  @FunctionalInterface
  public interface Quantiles {
    /**
     * @param quarter of the plan, counted from 0
     * @param level between 0 and 1
     */
    double of(int quarter, double level);
  }

  /** Checks the ranges. */
  public FanTree {
    branches = List.copyOf(branches);
    levels = List.copyOf(levels);
    weights = List.copyOf(weights);
    if (branches.isEmpty()
        || !rising(branches.stream().map(Integer::doubleValue).toList(), 0.5, 200)) {
      throw new PlannerException(
          "The branches of a fan are quarters after the first, one later than the other.");
    }
    if (levels.size() < 2 || !rising(levels, 1e-6, 1 - 1e-6)) {
      throw new PlannerException(
          "The levels of a fan are two or more, rising, between 0 and 1, not %s."
              .formatted(levels));
    }
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    if (weights.size() != levels.size()
        || weights.stream().anyMatch(weight -> !(weight > 0))
        || Math.abs(sum - 1) > 1e-9) {
      throw new PlannerException(
          "The weights of a fan are one for each of its %d levels, above 0, and add up to 1; not %s."
              .formatted(levels.size(), weights));
    }
    if (Math.pow(levels.size(), branches.size()) > MOST_LEAVES) {
      throw new PlannerException(
          "%d levels at %d branches are more than %d futures, which takes too long; leave some out."
              .formatted(levels.size(), branches.size(), MOST_LEAVES));
    }
  }

  private static boolean rising(List<Double> numbers, double least, double most) {
    double before = Double.NEGATIVE_INFINITY;
    for (double number : numbers) {
      if (!(number > before && number >= least && number <= most)) {
        return false;
      }
      before = number;
    }
    return true;
  }

  /** One for each leaf, a scenario after that which it splits from. */
  public List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    for (int[] leaf : leaves()) {
      double probability = 1;
      int split = -1;
      for (int i = 0; i < leaf.length; i++) {
        probability *= weights.get(leaf[i]);
        split = leaf[i] > 0 ? i : split;
      }
      String from = "";
      if (split >= 0) {
        int[] parent = leaf.clone();
        parent[split] = 0;
        from = name(parent);
      }
      scenarios.add(
          Scenario.of(
              name(leaf), probability, from, split < 0 ? 0 : branches.get(split), Series.ONE));
    }
    return scenarios;
  }

  /** Demand of each of {@link #scenarios()}, by quarter. */
  public List<Series> paths(Quantiles fan, int quarters) {
    return leaves().stream().map(leaf -> path(leaf, fan, quarters)).toList();
  }

  private Series path(int[] leaf, Quantiles fan, int quarters) {
    double[] values = new double[quarters];
    for (int t = 0; t < quarters; t++) {
      double logarithm = 0;
      for (int i = 0; i < leaf.length && branches.get(i) <= t; i++) {
        int end = i + 1 < leaf.length ? Math.min(t, branches.get(i + 1) - 1) : t;
        double level = levels.get(leaf[i]);
        double wide = spread(fan, end, level);
        double before = i == 0 ? 0 : spread(fan, branches.get(i) - 1, level);
        logarithm += Math.signum(wide) * Math.sqrt(Math.max(0, wide * wide - before * before));
      }
      values[t] = fan.of(t, 0.5) * Math.exp(logarithm);
    }
    return Series.of(values);
  }

  /** The logarithm of a quantile by the median. */
  private static double spread(Quantiles fan, int quarter, double level) {
    double median = fan.of(quarter, 0.5);
    double quantile = fan.of(quarter, level);
    return median > 0 && quantile > 0 ? Math.log(quantile / median) : 0;
  }

  /** The level that each leaf takes at each branch, by their numbers; the last changes first. */
  private List<int[]> leaves() {
    List<int[]> leaves = new ArrayList<>();
    int count = (int) Math.rint(Math.pow(levels.size(), branches.size()));
    for (int n = 0; n < count; n++) {
      int[] leaf = new int[branches.size()];
      int rest = n;
      for (int i = leaf.length - 1; i >= 0; i--) {
        leaf[i] = rest % levels.size();
        rest /= levels.size();
      }
      leaves.add(leaf);
    }
    return leaves;
  }

  private String name(int[] leaf) {
    List<String> parts = new ArrayList<>();
    for (int level : leaf) {
      parts.add(
          levels.size() == THREE.size()
              ? THREE.get(level)
              : "q" + Double.toString(levels.get(level)).substring(2));
    }
    return String.join("-", parts);
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.LinearProgram;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Choices of whole numbers near another: a phase begun earlier, later, besides or not at all, a
 * batch more or less, a site or all sites rounded otherwise. What a phase implies goes with it: it
 * stays begun, and the phases before it are begun, too.
 */
final class Choices {
  private static final double WHOLE = 1e-6;
  private static final double[] THRESHOLDS = {0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 2};

  private final LinearProgram program;
  private final int[] whole;
  private final int[][] groups;

  /** By whole number: those that are 1 when it is; empty for batches. */
  private final List<List<Integer>> above = new ArrayList<>();

  /** By whole number: those that are 0 when it is. */
  private final List<List<Integer>> below = new ArrayList<>();

  private final boolean[] phase;

  Choices(PlanProgram plan, int[] whole) {
    program = plan.program();
    this.whole = whole;
    phase = new boolean[whole.length];
    Map<Integer, Integer> index = new HashMap<>();
    for (int k = 0; k < whole.length; k++) {
      index.put(whole[k], k);
      above.add(new ArrayList<>());
      below.add(new ArrayList<>());
    }
    for (int[][] site : plan.columns().phase) {
      for (int p = 0; p < site.length; p++) {
        for (Node node : plan.tree().nodes()) {
          Integer at = index.get(site[p][node.index()]);
          if (at != null) {
            phase[at] = true;
            link(node.parent() < 0 ? null : index.get(site[p][node.parent()]), at);
            link(at, p == 0 ? null : index.get(site[p - 1][node.index()]));
          }
        }
      }
    }
    groups = groups(plan, index);
  }

  /** When the first is 1, so is the second. */
  private void link(@Nullable Integer first, @Nullable Integer second) {
    if (first != null && second != null && !first.equals(second)) {
      above.get(first).add(second);
      below.get(second).add(first);
    }
  }

  private static int[][] groups(PlanProgram plan, Map<Integer, Integer> index) {
    int sites = plan.inputs().sites().size();
    int[][] groups = new int[sites][];
    for (int s = 0; s < sites; s++) {
      List<Integer> columns = new ArrayList<>();
      for (int[] byNode : plan.columns().phase[s]) {
        Arrays.stream(byNode).forEach(columns::add);
      }
      for (int[][] bySite : plan.columns().order) {
        Arrays.stream(bySite[s]).forEach(columns::add);
      }
      groups[s] =
          columns.stream().distinct().filter(index::containsKey).mapToInt(index::get).toArray();
    }
    return groups;
  }

  /** Whether a whole number is a phase, not batches. */
  boolean isPhase(int k) {
    return phase[k];
  }

  /** Phases rounded by one threshold, batches by another. */
  double[] rounded(double[] relaxed, double phases, double batches) {
    double[] choice = relaxed.clone();
    for (int k = 0; k < choice.length; k++) {
      choice[k] = rounded(relaxed, k, phase[k] ? phases : batches);
    }
    return choice;
  }

  private double rounded(double[] relaxed, int k, double threshold) {
    double floor = Math.floor(relaxed[k] + WHOLE);
    double value = relaxed[k] - floor > threshold ? floor + 1 : floor;
    return Math.min(value, program.upper()[whole[k]]);
  }

  /**
   * Choices near one.
   *
   * @param relaxed the whole numbers as the relaxation has them
   */
  List<double[]> near(double[] choice, double[] relaxed) {
    List<double[]> all = new ArrayList<>();
    for (double threshold : THRESHOLDS) {
      for (int[] group : groups) {
        double[] other = choice.clone();
        for (int k : group) {
          other[k] = rounded(relaxed, k, threshold);
        }
        all.add(other);
      }
    }
    for (int k = 0; k < whole.length; k++) {
      if (phase[k]) {
        add(all, with(choice, k, choice[k] < 0.5));
      } else {
        add(all, moved(choice, k, 1));
        add(all, moved(choice, k, -1));
      }
    }
    return all;
  }

  private static void add(List<double[]> all, double @Nullable [] choice) {
    if (choice != null) {
      all.add(choice);
    }
  }

  private double @Nullable [] moved(double[] choice, int k, int by) {
    double value = choice[k] + by;
    if (value < program.lower()[whole[k]] || value > program.upper()[whole[k]]) {
      return null;
    }
    double[] other = choice.clone();
    other[k] = value;
    return other;
  }

  /**
   * A phase begun by a quarter, or not begun by it, with all that this implies; null if it can't.
   */
  private double @Nullable [] with(double[] choice, int first, boolean begun) {
    double value = begun ? 1 : 0;
    double[] other = choice.clone();
    Deque<Integer> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      int k = open.pop();
      if (other[k] == value && k != first) {
        continue;
      }
      if (begun && program.upper()[whole[k]] < 1) {
        return null;
      }
      other[k] = value;
      for (int next : begun ? above.get(k) : below.get(k)) {
        if (other[next] != value) {
          open.push(next);
        }
      }
    }
    return other;
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Betters a plan site by site: of each site whose phases the relaxation builds in part, other
 * thresholds are tried while all other sites stay. With phases fixed the linear program is small (2
 * seconds where the relaxation takes 8), so dozens can be tried.
 */
final class Polish {
  private static final double[] THRESHOLDS = {0.02, 0.25, 0.5, 0.75, 0.98, 2};
  private static final double WHOLE = 1e-6;
  private static final int PASSES = 3;

  private final LinearProgram program;
  private final double[] relaxed;
  private final List<int[]> groups = new ArrayList<>();
  private final Set<String> tried = new HashSet<>();

  /** Solves a linear program, or says that there was enough work. */
  interface Relaxation {
    @Nullable Solution solve(LinearProgram program);
  }

  Polish(PlanProgram plan, double[] relaxed) {
    program = plan.program();
    this.relaxed = relaxed;
    for (int s = 0; s < plan.inputs().sites().size(); s++) {
      List<Integer> columns = new ArrayList<>();
      for (int[] byNode : plan.columns().phase[s]) {
        add(columns, byNode);
      }
      for (int[][] bySite : plan.columns().order) {
        add(columns, bySite[s]);
      }
      int[] group = columns.stream().mapToInt(Integer::intValue).distinct().toArray();
      if (isBroken(group)) {
        groups.add(group);
      }
    }
  }

  private void add(List<Integer> columns, int[] byNode) {
    for (int column : byNode) {
      if (column >= 0 && program.whole()[column]) {
        columns.add(column);
      }
    }
  }

  private boolean isBroken(int[] group) {
    for (int column : group) {
      if (Math.abs(relaxed[column] - Math.rint(relaxed[column])) > WHOLE) {
        return true;
      }
    }
    return false;
  }

  /**
   * The best point found; at least as good as that to begin with.
   *
   * @param enough cost at which it may stop
   */
  double[] run(double[] begin, double enough, Relaxation relaxation) {
    double[] best = begin;
    double least = program.costOf(begin);
    tried.add(key(begin));
    for (int pass = 0; pass < PASSES; pass++) {
      double before = least;
      for (int[] group : groups) {
        for (double threshold : THRESHOLDS) {
          double[] candidate = with(best, group, threshold);
          if (least <= enough) {
            return best;
          }
          if (tried.add(key(candidate))) {
            Solution solution = relaxation.solve(program.withWholeAt(candidate));
            if (solution == null) {
              return best;
            }
            if (solution.hasPoint() && solution.cost() < least) {
              least = solution.cost();
              best = solution.x();
            }
          }
        }
      }
      if (least >= before) {
        return best;
      }
    }
    return best;
  }

  private double[] with(double[] best, int[] group, double threshold) {
    double[] candidate = best.clone();
    for (int column : group) {
      double floor = Math.floor(relaxed[column] + WHOLE);
      double value = relaxed[column] - floor > threshold ? floor + 1 : floor;
      candidate[column] = Math.min(value, program.upper()[column]);
    }
    return candidate;
  }

  private String key(double[] x) {
    StringBuilder key = new StringBuilder();
    for (int j = 0; j < x.length; j++) {
      if (program.whole()[j]) {
        key.append(Math.round(x[j])).append(' ');
      }
    }
    return key.toString();
  }
}

package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Outcome.Relaxation;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why no plan can be: limits that, broken a little, would let one be; of these a set of which none
 * can be left out (elastic program and deletion filter, J. Chinneck, 2008).
 */
final class Infeasibility {
  private static final double BROKEN = 1e-7;
  private static final double PROVEN = 1e-9;
  private static final int MOST_TRIED = 40;

  private Infeasibility() {}

  static Outcome explain(PlanProgram plan, Solvers solvers, Limits limits) {
    Elastic elastic = new Elastic(plan);
    LinearProgram program = elastic.program();
    double[] upper = program.upper().clone();
    Solution first = solvers.solve(program, limits);
    if (!first.hasPoint()) {
      return new Outcome.Unsolved(
          "No plan keeps all limits, and which of them are to blame was not found (%s)."
              .formatted(first.status()));
    }
    // What a tree that was cut short has found proves nothing.
    if (first.bound() <= PROVEN
        || elastic.limits().stream().allMatch(one -> first.x()[one.column()] <= BROKEN)) {
      return new Outcome.Unsolved(
          "No plan was found within the limits of work, and that there is none was not proven: allow more.");
    }
    Solution solution = first;
    // Those that need not be broken may not be; of the rest each is tried without.
    List<Elastic.Limit> blamed = new ArrayList<>(elastic.limits());
    forbid(upper, blamed, solution.x());
    int tried = 0;
    for (Elastic.Limit limit : List.copyOf(blamed)) {
      if (blamed.size() == 1 || ++tried > MOST_TRIED) {
        break;
      }
      double before = upper[limit.column()];
      upper[limit.column()] = 0;
      Solution without = solvers.solve(program.withBounds(program.lower(), upper), limits);
      if (without.hasPoint()) {
        solution = without;
        blamed.remove(limit);
        forbid(upper, blamed, solution.x());
      } else {
        upper[limit.column()] = before;
      }
    }
    return told(blamed, solution.x());
  }

  private static void forbid(double[] upper, List<Elastic.Limit> blamed, double[] x) {
    blamed.removeIf(limit -> {
      boolean kept = x[limit.column()] <= BROKEN;
      if (kept) {
        upper[limit.column()] = 0;
      }
      return kept;
    });
  }

  private static Outcome told(List<Elastic.Limit> blamed, double[] x) {
    List<Relaxation> relax =
        blamed.stream()
            .map(one -> new Relaxation(one.name(), one.unit(), x[one.column()]))
            .sorted((a, b) -> Double.compare(b.by(), a.by()))
            .toList();
    String list =
        relax.stream()
            .limit(5)
            .map(one ->
                "%s by %s %s"
                    .formatted(
                        one.limit(), String.format(Locale.ROOT, "%.4g", one.by()), one.unit()))
            .collect(Collectors.joining(", and "));
    String more = relax.size() > 5 ? ", and %d more".formatted(relax.size() - 5) : "";
    return new Outcome.Infeasible(
        relax,
        "No plan keeps all limits; there would be one with other limits for: " + list + more + ".");
  }
}

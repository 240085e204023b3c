package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Reason;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Why a plan is as it is: limits that bind, by the prices of the linear program. Prices with whole
 * numbers as they are mislead where things come in lumps, so the first are tried: a tenth more of
 * the limit, and a new plan.
 */
final class Reasons {
  private static final int VERIFIED = 5;
  private static final double MORE = 0.1;

  private final Questioned asked;
  private final Plan plan;

  Reasons(Questioned asked) {
    this.asked = asked;
    plan = asked.plan();
  }

  /** The limits that are worth most, the first five verified. */
  List<Reason> find(int most) {
    Settled settled = asked.settled();
    if (!settled.solution().hasPoint()) {
      return List.of();
    }
    List<PlanProgram.LimitRow> binding = new ArrayList<>();
    for (PlanProgram.LimitRow limit : settled.program().limits()) {
      if (worth(settled, limit) * Math.abs(limit.amount()) > 1e-6 * (1 + Math.abs(plan.value()))) {
        binding.add(limit);
      }
    }
    binding.sort(
        Comparator.comparingDouble(
                (PlanProgram.LimitRow limit) -> -worth(settled, limit) * limit.amount())
            .thenComparing(PlanProgram.LimitRow::name));
    List<Reason> reasons = new ArrayList<>();
    for (PlanProgram.LimitRow limit : binding.subList(0, Math.min(most, binding.size()))) {
      double verified = reasons.size() < VERIFIED ? verified(limit) : Double.NaN;
      reasons.add(reason(limit, worth(settled, limit), verified));
    }
    return reasons;
  }

  /** In millions for a unit. */
  private static double worth(Settled settled, PlanProgram.LimitRow limit) {
    return -settled.solution().rowPrices()[limit.row()] * limit.perUnit();
  }

  /** By how much a new plan is better with a tenth more; what is proven at least. */
  private double verified(PlanProgram.LimitRow limit) {
    LinearProgram program = asked.program();
    double[] upper = program.rowUpper().clone();
    upper[limit.row()] += MORE * Math.abs(limit.amount()) * limit.perUnit();
    LinearProgram wider = program.withRowBounds(program.rowLower(), upper);
    Solution better =
        asked.isLarge()
            ? asked.solve(wider.withWholeAt(asked.point()))
            : asked.solveFromHere(wider);
    return better.hasPoint()
        ? Math.max(0, asked.settled().solution().cost() - better.cost())
        : Double.NaN;
  }

  private Reason reason(PlanProgram.LimitRow limit, double worth, double verified) {
    String currency = plan.inputs().finance().currency();
    String halls = asked.isLarge() ? " at least, with halls as they are" : "";
    String price =
        "One %s more of %s is worth %s million %s by prices"
            .formatted(limit.unit(), limit.name(), number(worth), currency);
    String tried =
        Double.isNaN(verified)
            ? "."
            : "; a plan with a tenth more (%s %s) is better by %s million %s%s."
                .formatted(
                    number(MORE * limit.amount()), limit.unit(), number(verified), currency, halls);
    return new Reason(limit.name(), limit.unit(), limit.amount(), worth, verified, price + tried);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}

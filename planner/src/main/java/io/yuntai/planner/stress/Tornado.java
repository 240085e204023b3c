package io.yuntai.planner.stress;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Statement;
import io.yuntai.planner.statements.Statements;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a plan is worth when one assumption after the other turns out lower or higher by a share.
 *
 * @param share by which each is changed, 0 to 1
 * @param way how it was valued
 * @param base net present value of the plan as it is, in millions
 * @param swings the widest first; assumptions that change nothing are left out
 */
public record Tornado(double share, Way way, double base, List<Swing> swings) {
  /** How a change is valued. */
  public enum Way {
    /**
     * What was decided to build, order and reserve stays; work goes on as far as that carries it;
     * statements are made anew. What cannot be changed any more.
     */
    VALUED_ANEW,
    /** A new plan for each change, which may build and order otherwise. What could be decided. */
    SOLVED_ANEW
  }

  /**
   * An assumption.
   *
   * @param low net present value where it is lower, in millions; NaN where no plan was found
   * @param high where it is higher
   */
  public record Swing(Lever lever, double low, double high) {
    /** How far apart they are. */
    public double width() {
      return Double.isNaN(low) || Double.isNaN(high) ? 0 : Math.abs(high - low);
    }
  }

  private interface Valued {
    double of(Lever lever, double factor);
  }

  /** Copies. */
  public Tornado {
    swings = List.copyOf(swings);
  }

  /** With decisions as they are. */
  public static Tornado valuedAnew(Plan plan, double share) {
    return of(plan, share, Way.VALUED_ANEW, (lever, factor) -> valued(plan, lever, factor));
  }

  /** With a new plan for each change. */
  public static Tornado solvedAnew(Plan plan, double share, Optimum optimum, Effort effort) {
    return of(
        plan,
        share,
        Way.SOLVED_ANEW,
        (lever, factor) ->
            switch (optimum.solve(lever.times(plan.inputs(), factor), effort, _ -> {})) {
              case Outcome.Planned(Plan other) -> other.netPresentValue();
              case Outcome.Infeasible _, Outcome.Unsolved _ -> Double.NaN;
            });
  }

  private static Tornado of(Plan plan, double share, Way way, Valued valued) {
    if (!(share > 0 && share < 1)) {
      throw new PlannerException(
          "Assumptions are changed by more than 0 %% and less than 100 %%, not %s %%."
              .formatted(100 * share));
    }
    List<Swing> swings = new ArrayList<>();
    double least = 1e-9 * Math.max(1, Math.abs(plan.netPresentValue()));
    for (Lever lever : Lever.values()) {
      Swing swing = new Swing(lever, valued.of(lever, 1 - share), valued.of(lever, 1 + share));
      if (Double.isNaN(swing.low) || Double.isNaN(swing.high) || swing.width() > least) {
        swings.add(swing);
      }
    }
    swings.sort(Comparator.comparingDouble(Swing::width).reversed());
    return new Tornado(share, way, plan.netPresentValue(), swings);
  }

  private static double valued(Plan plan, Lever lever, double factor) {
    PlanInputs changed = lever.times(plan.inputs(), factor);
    Decisions decisions =
        switch (lever) {
          case DEMAND -> new Working(plan.inputs(), plan.decisions(), factor, 1).decisions();
          case THROUGHPUT -> new Working(plan.inputs(), plan.decisions(), 1, factor).decisions();
          case PRICES, SERVERS, HALLS, POWER, UPKEEP, RENT, DISCOUNT -> plan.decisions();
        };
    List<Statement> statements = Statements.of(changed, decisions);
    double sum = 0;
    for (int s = 0; s < statements.size(); s++) {
      sum += changed.scenarios().get(s).probability() * statements.get(s).netPresentValue();
    }
    return sum;
  }
}

package io.yuntai.planner.plan;

import java.util.List;

/**
 * A plan that was found feasible by exact decimals, with a bound that no plan can pass.
 *
 * @param inputs that it was made from
 * @param status how far it is proven
 * @param value of the goal: mean over scenarios, in millions; what the rules' weight of risk adds
 *     included
 * @param bound that no plan's value can be above
 * @param solver that found it, with its version
 * @param statements one for each scenario
 * @param unitCosts one for each class that is served
 * @param notes what a reader must know, in sentences
 */
public record Plan(
    PlanInputs inputs,
    Status status,
    double value,
    double bound,
    String solver,
    Decisions decisions,
    List<Statement> statements,
    List<UnitCost> unitCosts,
    List<String> notes) {
  /** How far it is proven. */
  public enum Status {
    /** No plan is better by more than a ten-thousandth. */
    OPTIMAL,
    /** No plan is better by more than {@link Plan#gap()}. */
    FEASIBLE
  }

  /** Copies. */
  public Plan {
    statements = List.copyOf(statements);
    unitCosts = List.copyOf(unitCosts);
    notes = List.copyOf(notes);
  }

  /** By what share of its value another plan could be better at most. */
  public double gap() {
    return Math.max(0, bound - value) / Math.max(1e-9, Math.abs(value));
  }

  /** The net present value expected over all scenarios, in millions. */
  public double netPresentValue() {
    double sum = 0;
    for (int s = 0; s < statements.size(); s++) {
      sum += inputs.scenarios().get(s).probability() * statements.get(s).netPresentValue();
    }
    return sum;
  }
}

package io.yuntai.planner.plan;

import java.util.List;

/**
 * A plan that was found feasible by exact decimals, with a bound that no plan can pass.
 *
 * @param inputs that it was made from
 * @param status how far it is proven
 * @param value of the goal: mean over scenarios, in millions; what the rules' weight of risk adds
 *     included; with several goals that of the first that is money
 * @param bound that no plan's value can be above
 * @param solver that found it, with its version
 * @param statements one for each scenario
 * @param unitCosts one for each class that is served
 * @param reached what became of goals that go one before the other, in their order; empty where
 *     there is one goal
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
    List<Reached> reached,
    List<String> notes) {
  /**
   * One of several goals; all numbers are amounts that are to be least.
   *
   * @param found the least that was found, those before it kept
   * @param bound that no plan which keeps those before it is below; minus infinity where none is
   *     known
   * @param amount of this plan
   */
  public record Reached(Aim aim, double found, double bound, double amount) {}

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
    reached = List.copyOf(reached);
    notes = List.copyOf(notes);
  }

  /** By what share of its value another plan could be better at most. */
  public double gap() {
    return Math.max(0, bound - value) / Math.max(1e-9, Math.abs(value));
  }

  /** Whether an aim is what the rules' goal says. */
  public boolean isGoal(Aim aim) {
    return switch (inputs.rules().goal()) {
      case VALUE -> aim == Aim.VALUE;
      case COST -> aim == Aim.COST;
      case SERVICE -> false;
    };
  }

  /** The value of the rules' goal, whatever else is looked for before it. */
  public double goalValue() {
    return reached.stream()
        .filter(one -> isGoal(one.aim()))
        .mapToDouble(one -> -one.amount())
        .findFirst()
        .orElse(value);
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

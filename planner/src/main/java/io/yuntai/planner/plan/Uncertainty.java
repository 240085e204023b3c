package io.yuntai.planner.plan;

import java.util.List;

/**
 * What not knowing the future costs, in millions.
 *
 * @param expected value of the plan over all scenarios
 * @param tail mean of the worst scenarios, as many as the rules' {@code riskTail}
 * @param stochasticSolution what is gained by planning for all scenarios instead of for their mean
 * @param perfectInformation what would be gained by knowing the scenario at the beginning
 * @param regrets by scenario: what a plan for it alone would have earned more than this one does
 */
public record Uncertainty(
    double expected,
    double tail,
    double stochasticSolution,
    double perfectInformation,
    List<Regret> regrets) {
  /** Of one scenario. */
  public record Regret(String scenario, double value, double knowing) {}

  /** Copies. */
  public Uncertainty {
    regrets = List.copyOf(regrets);
  }
}

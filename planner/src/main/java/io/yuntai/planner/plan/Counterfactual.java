package io.yuntai.planner.plan;

/**
 * A decision, and what the best plan without it is worth less.
 *
 * @param decision as it is told: {@code hall 1 of Ulanqab}
 * @param loss in millions; infinite where there is no plan without it
 * @param sentence with what would be done instead
 */
public record Counterfactual(String decision, double loss, String sentence) {}

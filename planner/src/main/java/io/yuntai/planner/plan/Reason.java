package io.yuntai.planner.plan;

/**
 * Why a plan is as it is: a limit that binds, and what more of it is worth.
 *
 * @param limit its name: {@code grid of Ulanqab in 2026-Q3}
 * @param unit of the limit
 * @param amount of the limit
 * @param worthPerUnit in millions, by the prices of the program with whole numbers as they are
 * @param verified what a tenth more of it is worth by a new plan, in millions; NaN where it was not
 *     tried
 * @param sentence for people
 */
public record Reason(
    String limit,
    String unit,
    double amount,
    double worthPerUnit,
    double verified,
    String sentence) {}

package io.yuntai.planner.plan;

/**
 * What a million units of a class cost, in three meanings that are never mixed; in the plan's
 * currency (not millions).
 *
 * @param full present value of all costs by present value of units, costs split by server-seconds
 * @param marginal what the last unit cost: the mean price of its demand, the buildings as they are;
 *     NaN where no solver told
 * @param cash present value of running costs alone by that of units
 */
public record UnitCost(String workClass, double full, double marginal, double cash) {}

package io.yuntai.planner.plan;

/**
 * How far a figure may go in plans that are nearly as good: where least and most are near each
 * other it is a must, else a free choice.
 *
 * @param what the figure, as {@code halls of Ulanqab}
 * @param inPlan what it is in the plan
 * @param least the smallest found
 * @param most the largest found
 * @param proven whether nothing below the least or above the most is possible
 */
public record Freedom(
    String what, String unit, double inPlan, double least, double most, boolean proven) {}

package io.yuntai.planner.outlook;

/**
 * How a method would have done over all quarters that could be judged.
 *
 * @param mase mean absolute error by that of "as in the quarter before"; below 1 is better
 * @param bias mean of forecast less actual by the mean amount; above 0 where it told too much
 * @param coverage share of quarters that fell between the quantiles 0.05 and 0.95
 * @param crps the continuous ranked probability score by the mean amount
 * @param pinball mean loss of the quantiles .05, .1, .5, .9, .95 by the mean amount
 * @param money what building by it would have cost, by what it would have cost to know
 * @param judged how many quarters; 0 where there were none, and the rest means nothing
 */
public record OutlookScores(
    double mase,
    double bias,
    double coverage,
    double crps,
    double pinball,
    double money,
    int judged) {}

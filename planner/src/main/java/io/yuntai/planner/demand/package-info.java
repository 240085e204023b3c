/**
 * What will be asked for: hourly amounts, forecasts of them with quantiles, and how well these
 * would have done. A method is only offered where it would have beaten the same hour of the day
 * before.
 */
@NullMarked
package io.yuntai.planner.demand;

import org.jspecify.annotations.NullMarked;

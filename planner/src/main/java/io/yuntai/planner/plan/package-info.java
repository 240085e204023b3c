/**
 * What a capital plan is made from and what it says: inputs ({@link
 * io.yuntai.planner.plan.PlanInputs}) and the plan ({@link io.yuntai.planner.plan.Plan}).
 *
 * <p>All are immutable and check themselves; a sentence names the cell that is wrong. Money is in
 * millions of the plan's currency, power in megawatts, time in quarters counted from 0, load in
 * units (tokens) a second, prices of load in currency per million units. Knows nothing of solvers
 * or matrices.
 */
@NullMarked
package io.yuntai.planner.plan;

import org.jspecify.annotations.NullMarked;

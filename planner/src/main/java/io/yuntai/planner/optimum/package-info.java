/**
 * The optimum: a plan's inputs as a mixed-integer program, and the plan from the program's
 * solution.
 *
 * <p>The program is that of section 3 of the planner's design. Columns: phases begun by a quarter
 * (cumulative, 0 or 1), batches ordered, servers in stock and retired, servers at work, work from
 * site to region, contracts, what is not served, cash. Rows: {@link
 * io.yuntai.planner.optimum.PlanProgram}. What is decided belongs to a node of the scenario tree,
 * so scenarios that are still one share their columns. The loss of a site is told by cuts that are
 * added when a solution breaks it.
 */
@NullMarked
package io.yuntai.planner.optimum;

import org.jspecify.annotations.NullMarked;

/**
 * A plan as a file that a person writes: TOML, every quantity with its unit, every number with its
 * source if one is told. Reading gives {@link io.yuntai.planner.plan.PlanInputs} and the list of
 * assumptions; errors name file, line, column and cell. Other currencies are translated at the
 * plan's dated rates, other units converted, other dimensions refused.
 */
@NullMarked
package io.yuntai.planner.files;

import org.jspecify.annotations.NullMarked;

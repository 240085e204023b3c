/**
 * Linear programs with whole-number columns as sparse arrays: how they are built, scaled, written
 * as MPS and read. Knows neither plans nor solvers. No object stands for a coefficient.
 */
@NullMarked
package io.yuntai.planner.program;

import org.jspecify.annotations.NullMarked;

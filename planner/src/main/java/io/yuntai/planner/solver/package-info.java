/**
 * Solvers of linear programs behind one interface: our own (bounded dual simplex with branch and
 * bound) here, others in packages below. Knows no plans. A solver counts its work, so that limits
 * of work, not of time, end it; a guard on time is the last resort.
 */
@NullMarked
package io.yuntai.planner.solver;

import org.jspecify.annotations.NullMarked;

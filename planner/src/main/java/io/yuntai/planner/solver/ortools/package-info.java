/**
 * Google's OR-Tools (GLOP for linear programs, SCIP for whole numbers) in a process of its own, so
 * that a crash, a hang or too much memory of native code costs an answer and not the product. The
 * only package that knows OR-Tools, and the only one of the planner that starts a process.
 */
@NullMarked
package io.yuntai.planner.solver.ortools;

import org.jspecify.annotations.NullMarked;

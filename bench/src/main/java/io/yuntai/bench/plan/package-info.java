/**
 * Measures the planner on its worked examples: how large their programs are, when the first plan is
 * there, how close it comes to the bound and when, and what memory that takes. Runs the shipped
 * classes in this process; the solver's own process counts, too.
 */
@NullMarked
package io.yuntai.bench.plan;

import org.jspecify.annotations.NullMarked;

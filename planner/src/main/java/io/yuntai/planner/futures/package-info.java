/**
 * Scenarios that are made and not written: the corners of a budget of uncertainty, and the tree of
 * a forecast's fan. What comes out is what a person could have written as {@code [scenarios]} and
 * {@code [[demand]]}; solvers, statements and audits know nothing of where it comes from.
 */
@NullMarked
package io.yuntai.planner.futures;

import org.jspecify.annotations.NullMarked;

/**
 * Quarters and years ahead: trends that calm down and curves that level off, weighed by how they
 * would have done, with quantiles by what they missed; and paths from a figure now to a figure
 * wanted then. Months in, quarters out. No clock, no randomness.
 */
@NullMarked
package io.yuntai.planner.outlook;

import org.jspecify.annotations.NullMarked;

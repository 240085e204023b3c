/**
 * Traces of services that others have published, for judging forecasts: readers of their formats,
 * and a generator with their published statistics where the data itself can't be had.
 */
@NullMarked
package io.yuntai.planner.traces;

import org.jspecify.annotations.NullMarked;

/** Comma-separated values as a stream, in the memory of one row. */
@NullMarked
package io.yuntai.planner.csv;

import org.jspecify.annotations.NullMarked;

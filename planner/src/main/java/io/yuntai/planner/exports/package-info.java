/**
 * A plan for other programs and for people: sums by quarter, tables, FOCUS rows, a workbook whose
 * statements are formulas over its assumptions, charts. The same plan gives the same bytes. It only
 * reads.
 */
@NullMarked
package io.yuntai.planner.exports;

import org.jspecify.annotations.NullMarked;

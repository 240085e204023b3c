/**
 * Quarters, of the calendar and of fiscal years. They are different types of text ({@code 2025-Q1},
 * {@code FY2025-Q4}) for the same three months, so that a file can't mean the one and be read as
 * the other. No clock.
 */
@NullMarked
package io.yuntai.planner.calendar;

import org.jspecify.annotations.NullMarked;

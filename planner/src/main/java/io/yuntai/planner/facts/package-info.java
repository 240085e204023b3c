/**
 * Numbers with their unit, source, date and confidence. A number is only ever read in a unit of its
 * own dimension, so that kilowatts don't meet kilowatt-hours, servers don't meet accelerators, and
 * currencies don't meet each other.
 */
@NullMarked
package io.yuntai.planner.facts;

import org.jspecify.annotations.NullMarked;

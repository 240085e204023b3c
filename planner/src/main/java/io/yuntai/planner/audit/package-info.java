/**
 * Whether a plan's decisions keep all limits, reckoned in decimals from inputs and decisions alone.
 * Shares no code with the program that was solved: what both get wrong would have to be wrong
 * twice.
 */
@NullMarked
package io.yuntai.planner.audit;

import org.jspecify.annotations.NullMarked;

/**
 * Statements of a plan from its decisions, in decimals: profit and loss, balance, cash, net present
 * value, rate of return. Shares no code with the program that was solved, so that a plan's value is
 * reckoned twice.
 */
@NullMarked
package io.yuntai.planner.statements;

import org.jspecify.annotations.NullMarked;

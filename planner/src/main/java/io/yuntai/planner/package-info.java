/**
 * How much infrastructure to buy. Pure: no socket; what it knows comes in as arguments. Only {@code
 * solver} looks at a clock, as a guard, and only {@code solver.ortools} starts a process.
 *
 * <p>{@code facts} are the numbers that plans stand on, each with unit, source and date; {@code
 * demand} tells the next hours from those that were; {@code capacity} turns tokens into
 * accelerators; {@code finance} turns accelerators into money. Estimates are in {@code double}:
 * nobody is billed by them.
 *
 * <p>A capital plan: {@code plan} are its inputs and results, {@code optimum} finds it as a {@code
 * program} that a {@code solver} solves, {@code statements} reckon its money from its decisions in
 * decimals, and {@code audit} checks every limit again.
 */
@NullMarked
package io.yuntai.planner;

import org.jspecify.annotations.NullMarked;

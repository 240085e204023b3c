/**
 * How much infrastructure to buy. Pure: no socket, no clock, no thread; what it knows comes in as
 * arguments.
 *
 * <p>{@code facts} are the numbers that plans stand on, each with unit, source and date; {@code
 * demand} tells the next hours from those that were; {@code capacity} turns tokens into
 * accelerators; {@code finance} turns accelerators into money. Estimates are in {@code double}:
 * nobody is billed by them.
 */
@NullMarked
package io.yuntai.planner;

import org.jspecify.annotations.NullMarked;

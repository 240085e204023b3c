/**
 * From logits to a token: penalties, filters, a counter-based random number; stop strings and
 * incremental text.
 *
 * <p>All in double with ties to the lowest id, so that a draw depends on nothing but logits, seed
 * and position.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.sampling;

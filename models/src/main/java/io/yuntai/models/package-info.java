/**
 * Models: which there are ({@code catalog}), which lie on this machine ({@code store}), and how
 * they get here ({@code pull}, on top of {@code transfer} for hubs and {@code wheel} for Python
 * packages).
 *
 * <p>Arrows: {@code pull} to all others, {@code store} to {@code catalog}; {@code transfer} and
 * {@code wheel} know nothing of models. Nothing here reads the process environment, knows an
 * engine's memory, or prints: the environment comes in as a map, progress goes out as events.
 */
@NullMarked
package io.yuntai.models;

import org.jspecify.annotations.NullMarked;

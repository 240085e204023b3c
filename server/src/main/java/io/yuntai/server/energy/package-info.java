/**
 * What the machine draws while it answers, where it has a meter. Nothing here guesses: without a
 * meter there is no figure.
 */
@NullMarked
package io.yuntai.server.energy;

import org.jspecify.annotations.NullMarked;

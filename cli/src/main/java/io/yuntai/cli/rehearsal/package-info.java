/**
 * A whole start in small, with a tiny model made of random numbers, for the JVM to learn from (its
 * AOT cache) and for tests of the real process.
 *
 * <p>Happens in a temporary home and leaves nothing behind.
 */
@NullMarked
package io.yuntai.cli.rehearsal;

import org.jspecify.annotations.NullMarked;

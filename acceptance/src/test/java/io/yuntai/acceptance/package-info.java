/**
 * The packaged product from outside: real models against stored vectors, the official OpenAI client
 * against a real server process, and the commands that the README promises.
 *
 * <p>Needs the network once, for the models: they stay in {@code target/acceptance-home} of the
 * checkout. Knows the engine's and the models' public API, and of everything above them only what a
 * user sees: the yuntai script and HTTP.
 */
@NullMarked
package io.yuntai.acceptance;

import org.jspecify.annotations.NullMarked;

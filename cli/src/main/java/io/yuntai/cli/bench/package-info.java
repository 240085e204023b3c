/**
 * {@code yuntai bench}: how fast a model runs on this machine, and how fast the machine itself is.
 *
 * <p>Chooses what is measured and shows it; how it is measured is the business of {@link
 * io.yuntai.engine.measure}, which the comparison with peers ({@code bench/run}) uses too. Works in
 * this process, without a server.
 */
@NullMarked
package io.yuntai.cli.bench;

import org.jspecify.annotations.NullMarked;

/**
 * The server's life ({@code up}, {@code down}, {@code status}) and the short commands on models and
 * keys.
 *
 * <p>{@code up --detach} is the same {@code up} in a process of its own: what that one would show
 * goes through a file ({@link io.yuntai.cli.command.StartReport}) to the one that waits.
 */
@NullMarked
package io.yuntai.cli.command;

import org.jspecify.annotations.NullMarked;

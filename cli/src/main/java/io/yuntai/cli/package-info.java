/**
 * The {@code yuntai} command: {@link io.yuntai.cli.Main} reads the command line and runs one
 * command.
 *
 * <p>Arrows: {@code command}, {@code inspect}, {@code chat} and {@code doctor} stand beside each
 * other on {@code terminal}, and this package wires them. Results go to stdout and everything else
 * to stderr, so that a result can be piped. Nothing here decides what a server does: that is {@code
 * io.yuntai.server}.
 */
@NullMarked
package io.yuntai.cli;

import org.jspecify.annotations.NullMarked;

/**
 * {@code yuntai run}: one answer, or a conversation in the terminal, with a model in this process
 * ({@link io.yuntai.cli.chat.LocalChat}) or in a running server ({@link
 * io.yuntai.cli.chat.ServerChat}).
 *
 * <p>Both get the same settings, seed included, so both give the same answer.
 */
@NullMarked
package io.yuntai.cli.chat;

import org.jspecify.annotations.NullMarked;

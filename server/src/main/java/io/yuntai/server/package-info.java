/**
 * The server as one thing: {@link io.yuntai.server.YuntaiServer} wires database, keys, models and
 * HTTP together, starts them in order and stops them in the other one.
 *
 * <p>Also here: what a server keeps in its home ({@link io.yuntai.server.HomeDirectory}), and how
 * another process finds it ({@link io.yuntai.server.ServerState}). It prints nothing: what happens
 * during a start goes to a {@link io.yuntai.server.StartListener}.
 */
@NullMarked
package io.yuntai.server;

import org.jspecify.annotations.NullMarked;

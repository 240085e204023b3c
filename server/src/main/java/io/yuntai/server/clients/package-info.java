/**
 * Clients that people use already, as data: what each is, which API it speaks, and from an {@link
 * io.yuntai.server.clients.Endpoint} the {@link io.yuntai.server.clients.Setting}s that point it
 * there. The command {@code connect} writes them, and the console shows them.
 */
@NullMarked
package io.yuntai.server.clients;

import org.jspecify.annotations.NullMarked;

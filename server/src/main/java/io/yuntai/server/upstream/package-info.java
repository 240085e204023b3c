/**
 * Other servers that answer for us: connections to them, and their answers as they come.
 *
 * <p>The HTTP/1.1 here is written for one kind of exchange, a POST of JSON whose answer is JSON or
 * server-sent events, on the request's own virtual thread: bytes are read once, parsed where they
 * lie, and no other thread takes part (decision 020 has what that saves beside general clients).
 * Every wait is bounded by {@link io.yuntai.server.upstream.Deadlines}, every size by a constant.
 *
 * <p>Knows no dialect, which is {@code dialect.upstream}'s, and no routes.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.upstream;

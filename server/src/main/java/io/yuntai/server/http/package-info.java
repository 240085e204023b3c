/**
 * HTTP/1.1 on virtual threads: bounds, request bodies, streams, disconnected clients, graceful
 * stop.
 *
 * <p>The only package that knows Jetty. It knows no API: what answers a path, and how an error
 * looks, comes in as {@link io.yuntai.server.http.Api}. Every answer, the refusals of malformed
 * HTTP included, carries {@code x-request-id}.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.http;

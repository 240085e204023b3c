/**
 * HTTP/1.1 on virtual threads: bounds, routes, request bodies, event streams, disconnected clients,
 * graceful stop.
 *
 * <p>The only package that knows Jetty. Every answer, the refusals of malformed HTTP included,
 * carries {@code x-request-id} and, where it is an error, the caller's own error shape.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.http;

/**
 * The way of one request: who asks, for which model, with which prompt; then the generations, their
 * events, exact usage.
 *
 * <p>Speaks canonical requests and answers only. Knows nothing of sockets or of any API's JSON.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.gateway;

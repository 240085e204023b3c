/** Tests of routes, against upstreams that are real servers on loopback. */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.routes;

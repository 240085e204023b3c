/** The way of one request. */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.gateway;

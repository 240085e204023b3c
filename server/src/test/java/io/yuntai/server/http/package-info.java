/** The server over real sockets. */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.http;

/** A whole server with the real engine over a decoder that writes the alphabet. */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.testing;

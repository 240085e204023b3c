/** Answers of all families, read piece by piece. */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.output;

/** The Responses API: golden events, round trips at random, damage. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.responses;

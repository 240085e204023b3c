/** Tests of Anthropic's dialect. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.anthropic;

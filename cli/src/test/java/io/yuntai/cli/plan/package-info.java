/** Tests of {@code yuntai plan}. */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.plan;

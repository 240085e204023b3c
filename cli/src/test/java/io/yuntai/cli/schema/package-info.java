/** Tests of {@code yuntai schema}. */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.schema;

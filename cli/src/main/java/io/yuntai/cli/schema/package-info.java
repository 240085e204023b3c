/**
 * {@code yuntai schema}: what structured output can do with a JSON Schema, without a server or a
 * model.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.schema;

/**
 * Reading JSON, for the files that come with models ({@code config.json}, {@code tokenizer.json},
 * the header of a safetensors file). Strict (RFC 8259), bounded in depth, and without knowledge of
 * what is read.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.json;

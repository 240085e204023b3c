/** Tests of JSON Schema as a grammar, against an independent validator. */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.grammar.schema;

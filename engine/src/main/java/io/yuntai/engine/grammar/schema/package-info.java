/**
 * JSON Schema 2020-12 as a grammar of JSON texts.
 *
 * <p>The way of a schema: {@link io.yuntai.engine.grammar.schema.SchemaReader} turns its places
 * into nodes of known keywords and refuses by name what it doesn't know; the compiler takes sets of
 * nodes, all of which a value must satisfy, and turns each set into what values of each type it
 * allows ({@code allOf}, {@code $ref} and siblings are unions of sets; {@code anyOf} is a choice of
 * sets); the rules of the grammar are made of these when they are first needed.
 *
 * <p>Invariant: a text of the grammar, read as JSON, satisfies the schema. The reverse holds but
 * for spellings and orders that {@code docs/structured-output.md} lists. What can't be held exactly
 * is refused. Knows no JSON parser: values come in as {@link
 * io.yuntai.engine.grammar.schema.JsonValue}.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.grammar.schema;

/**
 * Ollama's dialect: what local tools ask, to and from the canonical types, as pure functions.
 *
 * <p>Shapes and defaults follow Ollama's API reference, with one difference that is on purpose:
 * what does not fit into a model's context is refused and never cut. Options of the machine that
 * runs a model, and options that nobody here knows, are ignored as Ollama does; those that would
 * change an answer and are not supported are refused by name.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.ollama;

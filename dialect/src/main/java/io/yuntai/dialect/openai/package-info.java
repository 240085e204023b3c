/**
 * OpenAI's dialect: JSON bodies and event streams to and from the canonical types, as pure
 * functions.
 *
 * <p>Shapes, bounds and error codes follow OpenAI's API reference for chat completions and
 * completions. Reading is strict: nothing is coerced, nothing unknown is ignored, and what is known
 * but not supported is refused by name.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.openai;

/**
 * Anthropic's dialect: the Messages API in its versions {@code 2023-06-01} and {@code 2026-10-21}
 * to and from the canonical types, as pure functions, for servers and for clients.
 *
 * <p>Shapes follow Anthropic's API reference. A field that nobody here knows is ignored: its
 * clients send those of betas to every server. What is known and would change the answer, but is
 * not supported, is refused by name.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.anthropic;

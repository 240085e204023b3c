/**
 * What models mean by their text: thoughts before an answer, and calls of tools, each family in a
 * format of its own.
 *
 * <p>Text goes in as the engine makes it final, parts come out as soon as they are certain. Nothing
 * is lost: what is no thought and no well-formed call of a tool that the request named is text, to
 * the character; only blanks round thoughts and calls go. Knows nothing of HTTP, of dialects' JSON
 * or of tokens.
 */
@NullMarked
package io.yuntai.server.output;

import org.jspecify.annotations.NullMarked;

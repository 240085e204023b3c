/**
 * Markdown that nobody vouches for, as HTML that can do nothing: CommonMark with tables, code in
 * colours and LaTeX as MathML.
 *
 * <p>Safe by construction: the HTML is written from the parsed tree, element by element, and every
 * text and every attribute is escaped. HTML in the Markdown is text, an image is a link, a link
 * leads to {@code http}, {@code https} or {@code mailto}. Sizes, depths and the number of cells are
 * bounded; beyond the bounds a text is shown as it came. Knows nothing of pages.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.console.markdown;

/**
 * JSON as all dialects read and write it: bodies of strangers, read strictly and within bounds,
 * with refusals that name the field; and bytes written without a tree in between.
 *
 * <p>Knows no dialect: which fields there are, and what is done with unknown ones, is up to them.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.json;

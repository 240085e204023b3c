/** {@code yuntai embed}: vectors of texts, from the running server or from a model loaded here. */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.embed;

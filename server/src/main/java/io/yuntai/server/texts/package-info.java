/**
 * Texts that are kept of requests, read again: as a request that asks the same, as answers, and as
 * the words in which two answers differ. Pure: this package knows no database and no page.
 */
@NullMarked
package io.yuntai.server.texts;

import org.jspecify.annotations.NullMarked;

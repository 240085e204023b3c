/**
 * What was asked and answered, where a tenant wants it kept for some days. Nothing is kept by
 * itself; what is too old is gone from every answer at once, and from the table soon after.
 *
 * <p>Nothing may be decided or charged by these rows, and they may be lost. Rows of one
 * organisation are invisible to others, and what a person asked is shown to that person alone. This
 * package knows no HTTP and no gateway, and does not read the texts that it keeps.
 */
@NullMarked
package io.yuntai.ledger.texts;

import org.jspecify.annotations.NullMarked;

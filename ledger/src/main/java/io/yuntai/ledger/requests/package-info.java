/**
 * What became of each request for an answer, for people who look: one row each, answered or
 * refused, with the time that each of its stages took. No text of a prompt or an answer.
 *
 * <p>Rows are written after their requests have ended and may be lost, so nothing may be decided or
 * charged by them: what is owed the ledger says, and each row names its record there. Rows of one
 * organisation are invisible to others. This package knows no HTTP and no gateway.
 */
@NullMarked
package io.yuntai.ledger.requests;

import org.jspecify.annotations.NullMarked;

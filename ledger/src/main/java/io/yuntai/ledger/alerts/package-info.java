/**
 * Whom alerts of budgets are told, and what is still to be told.
 *
 * <p>An errand is written in the transaction that notices the alert, so none is lost; it is tried
 * until it is delivered, a bounded number of times, each time by one server only. A server that
 * dies between telling and noting it tells again: at least once. How something is told ({@code
 * server.alerts}) is not known here.
 */
@NullMarked
package io.yuntai.ledger.alerts;

import org.jspecify.annotations.NullMarked;

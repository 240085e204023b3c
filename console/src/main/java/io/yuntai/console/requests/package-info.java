/**
 * "What happened to this one?": the log of requests with its filters, and one request from its key
 * to the ledger's entry. Texts of requests and answers are not kept, so none are here.
 */
@NullMarked
package io.yuntai.console.requests;

import org.jspecify.annotations.NullMarked;

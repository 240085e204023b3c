/**
 * "What happened to this one?": the log of requests with its filters, and one request from its key
 * to the ledger's entry, and asked again beside what it was. Texts of requests and answers are here
 * only where their tenant wants them kept.
 */
@NullMarked
package io.yuntai.console.requests;

import org.jspecify.annotations.NullMarked;

/**
 * Conversations that clients of the Responses API want kept: each response with what was asked and
 * what was answered, for a stated time.
 *
 * <p>A tenant's responses are nobody else's business: every look names the tenant. JSON is text
 * here, which nobody reads.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.ledger.responses;

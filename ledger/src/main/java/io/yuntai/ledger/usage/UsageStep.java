package io.yuntai.ledger.usage;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What was used within one step of a stretch of time.
 *
 * @param from when the step begins
 * @param requests that were let in within it
 * @param failed of these, those that came to no end
 * @param tokens of their prompts and answers
 * @param amount what they cost, with 12 decimals; over several tenants it is a sum over currencies
 *     and means nothing
 */
public record UsageStep(Instant from, long requests, long failed, long tokens, BigDecimal amount) {}

package io.yuntai.ledger.usage;

/**
 * What was used of or by something.
 *
 * @param of its name: of a model, a key (its id and name), a day and so on
 * @param requests how many were recorded
 * @param inputTokens those of prompts that no cache had
 * @param cachedTokens those of prompts that were read from or written to a cache
 * @param outputTokens those made, thoughts included
 * @param amountNano what they cost, in the tenant's currency
 */
public record UsageSum(
    String of,
    long requests,
    long inputTokens,
    long cachedTokens,
    long outputTokens,
    long amountNano) {}

package io.yuntai.ledger.usage;

import java.math.BigDecimal;

/**
 * What one key, or one person without a key, used of one model: a leaf of the tree tenant, project,
 * key, model. Sums of leaves are exact, so that the whole tree is what an invoice of the same
 * requests says before commitments, rounding and taxes.
 *
 * @param project its name; empty for none
 * @param key public id of the key; empty for none
 * @param keyName what its owner calls it
 * @param person the address of who asked without a key, as people do in the console; empty for a
 *     key's
 * @param model its name
 * @param requests how many were recorded
 * @param inputTokens those of prompts that no cache had
 * @param cachedTokens those of prompts that were read from or written to a cache
 * @param outputTokens those made, thoughts included
 * @param amount what they cost in the tenant's currency, with 12 decimals
 */
public record SpendLeaf(
    String project,
    String key,
    String keyName,
    String person,
    String model,
    long requests,
    long inputTokens,
    long cachedTokens,
    long outputTokens,
    BigDecimal amount) {}

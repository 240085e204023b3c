package io.yuntai.server.routes;

import java.math.BigDecimal;

/**
 * What a target costs, exactly.
 *
 * @param currency three capital letters of ISO 4217
 * @param input for a million prompt tokens
 * @param cachedInput for a million prompt tokens that were found in a cache
 * @param output for a million generated tokens
 */
public record Price(String currency, BigDecimal input, BigDecimal cachedInput, BigDecimal output) {}

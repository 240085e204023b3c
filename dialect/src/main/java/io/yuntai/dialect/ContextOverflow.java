package io.yuntai.dialect;

/**
 * By how much a request is too long.
 *
 * @param contextTokens most tokens of prompt and answer together
 * @param promptTokens tokens of the request
 */
public record ContextOverflow(long contextTokens, long promptTokens) {}

package io.yuntai.server.metering;

import io.yuntai.dialect.Usage;
import io.yuntai.ledger.prices.MeteredTokens;

/** The dialects' counts as the ledger has them: each token in exactly one. */
final class MeteredCounts {
  private MeteredCounts() {}

  static MeteredTokens of(Usage usage) {
    long written = Math.min(usage.cacheWriteTokens(), usage.promptTokens());
    long cached = Math.min(usage.cachedPromptTokens(), usage.promptTokens() - written);
    long thoughts = Math.min(usage.reasoningTokens(), usage.completionTokens());
    return new MeteredTokens(
        bounded(usage.promptTokens() - cached - written),
        bounded(cached),
        bounded(written),
        bounded(usage.completionTokens() - thoughts),
        bounded(thoughts));
  }

  /** An upstream may say what it likes. */
  private static int bounded(long tokens) {
    return Math.clamp(tokens, 0, MeteredTokens.MAX_COUNT);
  }
}

package io.yuntai.engine;

import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;

/** How a model's memory is laid out, and whether the machine has it. */
record MemoryPlan(long weightBytes, long kvBytes, int kvBlocks) {
  /** Full contexts that the KV pool holds when nothing else is asked for. */
  private static final int DEFAULT_CONTEXTS = 4;

  /**
   * Plans weights first, then one full context, then as many more as fit and are wanted.
   *
   * @throws NotEnoughMemoryException where weights and one context don't fit
   */
  static MemoryPlan of(
      GgufFile file,
      ModelConfig config,
      LoadOptions options,
      int contextTokens,
      long availableBytes) {
    long weights = TransformerDecoder.weightBytes(file, config);
    long blockBytes = KvCache.blockBytes(config.kvShape(), options.kvFormat());
    long perContext = blocks(contextTokens);
    long wanted =
        options.kvTokens() == 0
            ? perContext * DEFAULT_CONTEXTS
            : Math.max(perContext, blocks(options.kvTokens()));
    long needed = Math.addExact(weights, perContext * blockBytes);
    if (needed > availableBytes) {
      throw new NotEnoughMemoryException(
          "%s needs %s (weights %s, a context of %,d tokens %s), but this machine has %s available; take a smaller model or a shorter context"
              .formatted(
                  file.name(),
                  size(needed),
                  size(weights),
                  contextTokens,
                  size(perContext * blockBytes),
                  size(availableBytes)));
    }
    long fitting = (availableBytes - weights) / blockBytes;
    long blocks = Math.min(Math.min(wanted, fitting), Integer.MAX_VALUE);
    return new MemoryPlan(weights, blocks * blockBytes, (int) blocks);
  }

  private static long blocks(int tokens) {
    return Math.ceilDiv(tokens, KvCache.BLOCK_TOKENS);
  }

  private static String size(long bytes) {
    return bytes < 1_000_000_000
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.1f GB".formatted(bytes / 1e9);
  }
}

package io.yuntai.engine;

import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;

/**
 * How a model's memory is laid out, and whether the machine has it.
 *
 * @param onDisk whether weights stay on disk, because there is no room for them beside the rest
 */
record MemoryPlan(long weightBytes, long kvBytes, long workBytes, int kvBlocks, boolean onDisk) {
  /** Full contexts that the KV pool holds when nothing else is asked for. */
  private static final int DEFAULT_CONTEXTS = 4;

  /** Where weights are on disk, memory is wanted for them first: this share is for contexts. */
  private static final int CONTEXTS_SHARE = 4;

  /**
   * Plans weights and work first, then one full context, then as many more as fit and are wanted.
   * Weights for which there is no room stay on disk.
   *
   * @param availableBytes memory that there is
   * @throws NotEnoughMemoryException where not even work and one context fit, or packed weights
   *     must not be kept on disk
   */
  static MemoryPlan of(
      GgufFile file,
      ModelConfig config,
      LoadOptions options,
      int contextTokens,
      long availableBytes) {
    long weights = TransformerDecoder.weightBytes(file, config);
    int batch = Math.min(EngineOptions.DEFAULTS.maxBatchTokens(), contextTokens);
    long work = TransformerDecoder.workBytes(config, batch, contextTokens);
    long blockBytes = KvCache.blockBytes(config.kvShape(), options.kvFormat());
    long perContext = blocks(contextTokens);
    long wanted =
        options.kvTokens() == 0
            ? perContext * DEFAULT_CONTEXTS
            : Math.max(perContext, blocks(options.kvTokens()));
    long least = Math.addExact(work, perContext * blockBytes);
    boolean onDisk = Math.addExact(weights, least) > availableBytes;
    if (least > availableBytes || (onDisk && options.packedFolder() == null)) {
      throw new NotEnoughMemoryException(
          "%s needs %s (weights %s, a context of %,d tokens %s, work %s), but this machine has %s available; %s"
              .formatted(
                  file.name(),
                  size(weights + least),
                  size(weights),
                  contextTokens,
                  size(perContext * blockBytes),
                  size(work),
                  size(availableBytes),
                  least > availableBytes
                      ? "take a smaller model or a shorter context"
                      : "take a smaller model, or let it run from disk, slowly, by keeping packed weights there"));
    }
    long room =
        onDisk
            ? Math.max(perContext * blockBytes, (availableBytes - work) / CONTEXTS_SHARE)
            : availableBytes - weights - work;
    long blocks = Math.min(Math.min(wanted, room / blockBytes), Integer.MAX_VALUE);
    return new MemoryPlan(weights, blocks * blockBytes, work, (int) blocks, onDisk);
  }

  private static long blocks(int tokens) {
    return Math.ceilDiv(tokens, KvCache.BLOCK_TOKENS);
  }

  static String size(long bytes) {
    return bytes < 1_000_000_000
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.1f GB".formatted(bytes / 1e9);
  }
}

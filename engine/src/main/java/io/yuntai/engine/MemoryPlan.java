package io.yuntai.engine;

import io.yuntai.engine.decoder.KvSize;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;

/**
 * How a model's memory is laid out, and whether the machine has it.
 *
 * @param kv how large the KV cache is
 * @param onDisk whether weights stay on disk, because there is no room for them beside the rest
 */
record MemoryPlan(long weightBytes, long kvBytes, long workBytes, KvSize kv, boolean onDisk) {
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
    KvCost cost = KvCost.of(config, options, batch);
    int perContext = blocks(contextTokens);
    long wanted =
        options.kvTokens() == 0
            ? (long) perContext * DEFAULT_CONTEXTS
            : Math.max(perContext, blocks(options.kvTokens()));
    long least = Math.addExact(work, cost.bytes(perContext));
    boolean onDisk = Math.addExact(weights, least) > availableBytes;
    if (least > availableBytes || (onDisk && options.packedFolder() == null)) {
      throw new NotEnoughMemoryException(
          "%s needs %s (weights %s, a context of %,d tokens %s, work %s), but this machine has %s available; %s"
              .formatted(
                  file.name(),
                  size(weights + least),
                  size(weights),
                  contextTokens,
                  size(cost.bytes(perContext)),
                  size(work),
                  size(availableBytes),
                  least > availableBytes
                      ? "take a smaller model or a shorter context"
                      : "take a smaller model, or let it run from disk, slowly, by keeping packed weights there"));
    }
    long room =
        onDisk
            ? Math.max(cost.bytes(perContext), (availableBytes - work) / CONTEXTS_SHARE)
            : availableBytes - weights - work;
    int blocks = (int) Math.min(Math.min(wanted, cost.blocks(room)), Integer.MAX_VALUE);
    KvSize kv =
        new KvSize(blocks, cost.slides() ? cost.windowBlocks(blocks) : 0, options.kvFormat());
    return new MemoryPlan(weights, cost.bytes(blocks), work, kv, onDisk);
  }

  /**
   * What blocks of the KV cache cost.
   *
   * @param blockBytes of a block in layers that keep all
   * @param windowBlockBytes of a block in layers whose blocks leave the cache
   * @param mostWindowBlocks most of these that are ever needed; 0 where there are none
   */
  private record KvCost(long blockBytes, long windowBlockBytes, int mostWindowBlocks) {
    static KvCost of(ModelConfig config, LoadOptions options, int batchTokens) {
      int window = options.slidesWindows() ? config.windowTokens() : 0;
      if (window == 0) {
        return new KvCost(KvCache.blockBytes(config.kvShape(), options.kvFormat()), 0, 0);
      }
      int layers = config.windowLayers();
      int whole = config.layers().size() - layers;
      return new KvCost(
          KvCache.blockBytes(config.kvShape(whole), options.kvFormat()),
          KvCache.blockBytes(config.kvShape(layers), options.kvFormat()),
          KvSize.windowBlocks(window, EngineOptions.DEFAULTS.maxConcurrent(), batchTokens));
    }

    boolean slides() {
      return mostWindowBlocks > 0;
    }

    int windowBlocks(int blocks) {
      return Math.min(blocks, mostWindowBlocks);
    }

    long bytes(int blocks) {
      return blocks * blockBytes + windowBlocks(blocks) * windowBlockBytes;
    }

    /** How many blocks there is room for. */
    long blocks(long bytes) {
      long both = blockBytes + windowBlockBytes;
      return bytes < mostWindowBlocks * both
          ? bytes / both
          : (bytes - mostWindowBlocks * windowBlockBytes) / blockBytes;
    }
  }

  private static int blocks(int tokens) {
    return Math.ceilDiv(tokens, KvCache.BLOCK_TOKENS);
  }

  static String size(long bytes) {
    return bytes < 1_000_000_000
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.1f GB".formatted(bytes / 1e9);
  }
}

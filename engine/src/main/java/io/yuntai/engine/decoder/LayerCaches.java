package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.KvCache;

/**
 * Keys and values of all layers: in one cache, or those of layers with a window in one of their
 * own, whose blocks are numbered apart and leave it when no token sees them any more.
 */
final class LayerCaches implements AutoCloseable {
  private final KvCache whole;
  private final KvCache windowed;
  private final boolean apart;
  private final boolean[] isWindowed;

  /** Each layer's number among those of its cache. */
  private final int[] numbers;

  LayerCaches(ModelConfig config, KvSize size) {
    int layers = config.layers().size();
    apart = size.windowBlocks() > 0;
    isWindowed = new boolean[layers];
    numbers = new int[layers];
    int[] counts = new int[2];
    for (int layer = 0; layer < layers; layer++) {
      isWindowed[layer] = apart && config.hasWindow(layer);
      numbers[layer] = counts[isWindowed[layer] ? 1 : 0]++;
    }
    whole = new KvCache(config.kvShape(counts[0]), size.blocks(), size.format());
    windowed =
        apart ? new KvCache(config.kvShape(counts[1]), size.windowBlocks(), size.format()) : whole;
  }

  /** Blocks of the pool. */
  int blocks() {
    return whole.blocks();
  }

  /** Blocks of layers with a window; 0 where they are not apart. */
  int windowBlocks() {
    return apart ? windowed.blocks() : 0;
  }

  /** The cache of layers with a window, or of the others. */
  KvCache of(boolean window) {
    return window ? windowed : whole;
  }

  /** Whether a layer is in the cache of those with a window. */
  boolean isWindowed(int layer) {
    return isWindowed[layer];
  }

  /** A layer's number in its cache. */
  int number(int layer) {
    return numbers[layer];
  }

  /** Takes memory for what a batch writes at a position of one sequence. */
  void prepare(Batch batch, int sequence, int position) {
    int at = position / KvCache.BLOCK_TOKENS;
    whole.prepare(batch.blockTables()[sequence][at]);
    if (apart) {
      windowed.prepare(batch.windowTables()[sequence][at]);
    }
  }

  @Override
  public void close() {
    whole.close();
    if (apart) {
      windowed.close();
    }
  }
}

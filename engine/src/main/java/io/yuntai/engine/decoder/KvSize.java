package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.KvCache;

/**
 * How large a decoder's KV cache is.
 *
 * @param blocks blocks of the pool
 * @param windowBlocks blocks of layers with a window, where these leave the cache when no token
 *     sees them any more; 0 where all layers keep all
 * @param format element type
 */
public record KvSize(int blocks, int windowBlocks, KvCache.Format format) {
  /** A cache in which all layers keep all. */
  public static KvSize whole(int blocks, KvCache.Format format) {
    return new KvSize(blocks, 0, format);
  }

  /** Most blocks in which one sequence has what a window sees, its newest block among them. */
  public static int windowBlocks(int windowTokens) {
    return Math.ceilDiv(windowTokens, KvCache.BLOCK_TOKENS) + 2;
  }

  /**
   * As many blocks as sequences ever need at once.
   *
   * @param sequences that share steps
   * @param batchTokens most tokens of a step
   */
  public static int windowBlocks(int windowTokens, int sequences, int batchTokens) {
    return sequences * windowBlocks(windowTokens) + Math.ceilDiv(batchTokens, KvCache.BLOCK_TOKENS);
  }
}

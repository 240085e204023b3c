package io.yuntai.engine;

import io.yuntai.engine.kernel.KvCache;

/**
 * How a model is loaded.
 *
 * @param contextTokens most tokens of one sequence; 0 for the smaller of the model's own limit and
 *     4096
 * @param kvTokens tokens that the KV pool holds over all sequences; 0 for four full contexts, as
 *     far as memory allows
 * @param kvFormat how keys and values are stored
 * @param threads workers; 0 for one per physical core
 */
public record LoadOptions(int contextTokens, int kvTokens, KvCache.Format kvFormat, int threads) {
  /** What suits a laptop. */
  public static final LoadOptions DEFAULTS = new LoadOptions(0, 0, KvCache.Format.F32, 0);
}

package io.yuntai.engine;

/**
 * Bounds of a running engine.
 *
 * @param maxConcurrent most generations that share steps
 * @param maxQueued most generations that wait for a place; one more is an {@link
 *     EngineBusyException}
 * @param maxBatchTokens most tokens in one step, prefill and decode together
 */
public record EngineOptions(int maxConcurrent, int maxQueued, int maxBatchTokens) {
  /** What suits a laptop. */
  public static final EngineOptions DEFAULTS = new EngineOptions(16, 128, 256);
}

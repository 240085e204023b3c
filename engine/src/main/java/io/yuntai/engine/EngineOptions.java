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

  /** Checks ranges. */
  public EngineOptions {
    if (maxConcurrent < 1 || maxQueued < 0 || maxBatchTokens < 1) {
      throw new IllegalArgumentException(
          "an engine needs at least one concurrent generation, a queue of 0 or more and one batch token, not %d, %d and %d"
              .formatted(maxConcurrent, maxQueued, maxBatchTokens));
    }
  }
}

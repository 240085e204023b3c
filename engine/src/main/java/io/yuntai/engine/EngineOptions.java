package io.yuntai.engine;

/**
 * Bounds of a running engine.
 *
 * @param maxConcurrent most generations that share steps
 * @param maxQueued most generations that wait for a place; one more is an {@link
 *     EngineBusyException}
 * @param maxQueuedPerNamespace most generations of one namespace that wait for a place, at most
 *     {@code maxQueued}
 * @param maxBatchTokens most tokens in one step, prefill and decode together
 */
public record EngineOptions(
    int maxConcurrent, int maxQueued, int maxQueuedPerNamespace, int maxBatchTokens) {
  /** What suits a laptop; half the queue is out of reach of any one namespace. */
  public static final EngineOptions DEFAULTS = new EngineOptions(16, 256, 128, 256);

  /** Options under which one namespace may fill the queue. */
  public EngineOptions(int maxConcurrent, int maxQueued, int maxBatchTokens) {
    this(maxConcurrent, maxQueued, maxQueued, maxBatchTokens);
  }

  /** Checks ranges. */
  public EngineOptions {
    if (maxConcurrent < 1 || maxQueued < 0 || maxBatchTokens < 1) {
      throw new IllegalArgumentException(
          "an engine needs at least one concurrent generation, a queue of 0 or more and one batch token, not %d, %d and %d"
              .formatted(maxConcurrent, maxQueued, maxBatchTokens));
    }
    if (maxQueuedPerNamespace < 0 || maxQueuedPerNamespace > maxQueued) {
      throw new IllegalArgumentException(
          "a namespace's share of a queue of %d is 0 or more and no larger, not %d"
              .formatted(maxQueued, maxQueuedPerNamespace));
    }
  }
}

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
 * @param adapters how many adapters there may be
 */
public record EngineOptions(
    int maxConcurrent,
    int maxQueued,
    int maxQueuedPerNamespace,
    int maxBatchTokens,
    AdapterLimits adapters) {
  /** What suits a laptop; half the queue is out of reach of any one namespace. */
  public static final EngineOptions DEFAULTS = new EngineOptions(16, 256, 128, 256);

  /** Options with the usual bounds of adapters. */
  public EngineOptions(
      int maxConcurrent, int maxQueued, int maxQueuedPerNamespace, int maxBatchTokens) {
    this(maxConcurrent, maxQueued, maxQueuedPerNamespace, maxBatchTokens, AdapterLimits.DEFAULTS);
  }

  /** Options under which one namespace may fill the queue. */
  public EngineOptions(int maxConcurrent, int maxQueued, int maxBatchTokens) {
    this(maxConcurrent, maxQueued, maxQueued, maxBatchTokens);
  }

  /** The same with other bounds of adapters. */
  public EngineOptions with(AdapterLimits limits) {
    return new EngineOptions(
        maxConcurrent, maxQueued, maxQueuedPerNamespace, maxBatchTokens, limits);
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

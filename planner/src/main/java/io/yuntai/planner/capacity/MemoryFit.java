package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;

/**
 * How many accelerators hold a model. The rule gives all layouts that SGLang publishes for DeepSeek
 * V3 ("DeepSeek V3 usage" in its documentation).
 */
public final class MemoryFit {
  /** Of memory, weights take at most this; the rest is for keys and values. */
  private static final double WEIGHT_SHARE = 0.8;

  /** Of memory, weights with keys and values take at most this. */
  private static final double USABLE_SHARE = 0.9;

  private static final int MOST = 1 << 14;

  private MemoryFit() {}

  /** The smallest power of two of accelerators whose memory has room for the weights. */
  public static int accelerators(double weightBytes, double memoryBytes) {
    int count = 1;
    while (weightBytes > WEIGHT_SHARE * count * memoryBytes) {
      count *= 2;
      if (count > MOST) {
        throw new PlannerException(
            "Weights of %.0f GB don't fit into %d accelerators of %.0f GB."
                .formatted(weightBytes / 1e9, MOST, memoryBytes / 1e9));
      }
    }
    return count;
  }

  /** How many sequences of so many tokens fit beside the weights. */
  public static int sequences(
      ServedModel model, Accelerator chip, int accelerators, double tokens) {
    double room = USABLE_SHARE * accelerators * chip.memoryBytes() - model.weightBytes();
    return (int) Math.min(1 << 20, Math.max(0, room / (tokens * model.kvBytesPerToken())));
  }
}

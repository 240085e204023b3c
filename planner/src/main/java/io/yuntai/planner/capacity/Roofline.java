package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a replica is by the limits of its hardware: prompts by arithmetic, answers by memory
 * bandwidth or arithmetic, whichever takes longer. The last resort, where nothing was measured.
 */
public final class Roofline {
  private static final int MOST_ACCELERATORS = 512;

  private Roofline() {}

  /**
   * Replicas that answer as quickly as is wanted, each with as many sequences at once as that
   * allows, the smallest first: each has twice the accelerators of the one before. Larger ones do
   * more with each accelerator, since more sequences share the reading of weights.
   *
   * @throws PlannerException when no replica is quick enough
   */
  public static List<ReplicaRate> replicas(
      Accelerator chip, ServedModel model, RequestClass requests, Efficiency efficiency) {
    List<ReplicaRate> replicas = new ArrayList<>();
    int least = MemoryFit.accelerators(model.weightBytes(), chip.memoryBytes());
    for (int count = least; count <= Math.max(least, MOST_ACCELERATORS); count *= 2) {
      int sequences = sequences(chip, count, model, requests, efficiency);
      if (sequences > 0) {
        double step = stepSeconds(chip, count, model, requests, efficiency, sequences);
        double prefill =
            efficiency.prefillFlops()
                * count
                * chip.flopsPerSecond()
                / model.flopsPerToken(requests.inputTokens());
        replicas.add(new ReplicaRate(count, sequences, prefill, sequences / step, "roofline"));
      }
    }
    if (replicas.isEmpty()) {
      throw new PlannerException(
          "No replica of %s on %s gives a token each %.3f ms; allow more time for a token."
              .formatted(model.name(), chip.name(), requests.secondsPerToken() * 1000));
    }
    return replicas;
  }

  /** As many as fit into memory and into the time of a token; 0 when not even one does. */
  private static int sequences(
      Accelerator chip,
      int count,
      ServedModel model,
      RequestClass requests,
      Efficiency efficiency) {
    int fits = 0;
    int exceeds = MemoryFit.sequences(model, chip, count, requests.contextTokens()) + 1;
    while (exceeds - fits > 1) {
      int middle = (fits + exceeds) >>> 1;
      if (stepSeconds(chip, count, model, requests, efficiency, middle)
          <= requests.secondsPerToken()) {
        fits = middle;
      } else {
        exceeds = middle;
      }
    }
    return fits;
  }

  private static double stepSeconds(
      Accelerator chip,
      int count,
      ServedModel model,
      RequestClass requests,
      Efficiency efficiency,
      int sequences) {
    double bytes =
        model.touchedBytes(sequences)
            + sequences * requests.contextTokens() * model.kvBytesPerToken();
    double byMemory = bytes / (efficiency.decodeBytes() * count * chip.bytesPerSecond());
    double byArithmetic =
        2
            * model.activeParameters()
            * sequences
            / (efficiency.prefillFlops() * count * chip.flopsPerSecond());
    return Math.max(byMemory, byArithmetic);
  }
}

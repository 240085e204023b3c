package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Facts;

/**
 * A chip that models run on.
 *
 * @param name as facts call it
 * @param memoryBytes of one
 * @param bytesPerSecond of its memory
 * @param flopsPerSecond dense, at the precision that the model is served in
 */
public record Accelerator(
    String name, double memoryBytes, double bytesPerSecond, double flopsPerSecond) {
  /** Precisions of weights that are served. */
  public enum Precision {
    /** Two bytes. */
    BF16(2),
    /** One byte. */
    FP8(1),
    /** Half a byte; computed as FP8 or, without that, BF16. */
    INT4(0.5);

    private final double bytes;

    Precision(double bytes) {
      this.bytes = bytes;
    }

    /** Bytes of a weight. */
    public double bytes() {
      return bytes;
    }
  }

  /**
   * One of the facts' chips.
   *
   * @throws PlannerException when there is none of this name
   */
  public static Accelerator of(Facts facts, String name, Precision precision) {
    if (!facts.below("chip").contains(name)) {
      throw new PlannerException(
          "No chip is called '%s'; there are %s."
              .formatted(name, String.join(", ", facts.below("chip"))));
    }
    String chip = "chip." + name + ".";
    boolean narrow = precision != Precision.BF16 && facts.has(chip + "fp8");
    return new Accelerator(
        name,
        facts.get(chip + "memory").in("B"),
        facts.get(chip + "bandwidth").in("B/s"),
        facts.get(chip + (narrow ? "fp8" : "bf16")).in("FLOP/s"));
  }
}

package io.yuntai.planner.capacity;

import io.yuntai.planner.facts.Facts;

/**
 * What of the hardware's limits serving reaches.
 *
 * @param prefillFlops share of arithmetic in prompts
 * @param decodeBytes share of memory bandwidth in answers
 */
public record Efficiency(double prefillFlops, double decodeBytes) {
  /** The facts' defaults. */
  public static Efficiency of(Facts facts) {
    return new Efficiency(
        facts.get("serving.prefill.mfu").in("1"), facts.get("serving.decode.mbu").in("1"));
  }
}

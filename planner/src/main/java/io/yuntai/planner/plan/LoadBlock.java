package io.yuntai.planner.plan;

/**
 * Hours of a quarter that are alike in load.
 *
 * @param hours of it in a quarter
 * @param peak whether the loss of a site must be borne in it
 */
public record LoadBlock(String name, double hours, boolean peak) {
  /** Of a quarter of 92 days. */
  public static final double MOST_HOURS = 2208;

  /** Checks the ranges. */
  public LoadBlock {
    Cells.name("blocks.name", name);
    Cells.range("blocks.%s.hours".formatted(name), hours, 0, MOST_HOURS);
  }
}

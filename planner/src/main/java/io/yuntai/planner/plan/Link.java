package io.yuntai.planner.plan;

/**
 * The way from a region's users to a site.
 *
 * @param millis of a round trip
 * @param price of a million units that go this way, in the plan's currency (not millions)
 */
public record Link(String region, double millis, double price) {
  /** Checks the ranges. */
  public Link {
    Cells.range("links.%s.millis".formatted(region), millis, 0, 100_000);
    Cells.range("links.%s.price".formatted(region), price, 0, Cells.ABSURD);
  }
}

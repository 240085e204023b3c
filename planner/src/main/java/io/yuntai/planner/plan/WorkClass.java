package io.yuntai.planner.plan;

/**
 * A kind of work: chat, reasoning, embedding, pictures, batch, classic servers.
 *
 * @param price of a million units that are served, in the plan's currency (not millions), by
 *     quarter
 * @param penalty of a million units that are not, likewise; over and above the lost price
 * @param usableLoad share of servers' throughput that may be used on average, so that queues stay
 *     short; 0.95 for batch
 * @param standing what happens to it when a site is lost
 * @param movable whether it may be done in another block of the same quarter, as batch may
 * @param mostMillis the longest round trip between region and site that it bears; without limit
 *     infinite
 * @param leastServed share of each region's and block's demand that must be served
 */
public record WorkClass(
    String name,
    Series price,
    Series penalty,
    double usableLoad,
    Standing standing,
    boolean movable,
    double mostMillis,
    double leastServed) {
  /** What is promised for the loss of a site. */
  public enum Standing {
    /** Goes on in full. */
    GOLD,
    /** Goes on by half. */
    SILVER,
    /** May be shed. */
    BRONZE;

    /** The share of the peak's demand that goes on. */
    public double keptShare() {
      return switch (this) {
        case GOLD -> 1;
        case SILVER -> 0.5;
        case BRONZE -> 0;
      };
    }
  }

  /** Checks the ranges. */
  public WorkClass {
    Cells.name("classes.name", name);
    String cell = "classes." + name;
    price.check(cell + ".price", 0, Cells.ABSURD);
    penalty.check(cell + ".penalty", 0, Cells.ABSURD);
    Cells.share(cell + ".usableLoad", usableLoad);
    Cells.positive(cell + ".usableLoad", usableLoad);
    Cells.range(cell + ".mostMillis", mostMillis, 0, Double.POSITIVE_INFINITY);
    Cells.share(cell + ".leastServed", leastServed);
  }

  /** Work without a latency limit, without a promise, sold at one price, lost without a penalty. */
  public static WorkClass of(String name, double price) {
    return new WorkClass(
        name,
        Series.constant(price),
        Series.ZERO,
        1,
        Standing.BRONZE,
        false,
        Double.POSITIVE_INFINITY,
        0);
  }
}

package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;

/**
 * Who has to wait where requests come at random (A. K. Erlang, 1917; Halfin and Whitt, 1981, for
 * the square root).
 */
public final class ErlangC {
  private ErlangC() {}

  /**
   * The share of requests that have to wait.
   *
   * @param servers at least 1
   * @param load requests a second times seconds of each; at least 0
   */
  public static double waiting(int servers, double load) {
    if (servers < 1 || load < 0 || !Double.isFinite(load)) {
      throw new PlannerException(
          "Nobody can say who waits at %d servers under a load of %s.".formatted(servers, load));
    }
    if (load >= servers) {
      return 1;
    }
    double lost = 1; // Erlang B by its recursion, which overflows nowhere
    for (int i = 1; i <= servers; i++) {
      lost = load * lost / (i + load * lost);
    }
    double use = load / servers;
    return lost / (1 - use * (1 - lost));
  }

  /** The fewest servers at which at most so large a share of requests has to wait. */
  public static int servers(double load, double waiting) {
    if (!(waiting > 0 && waiting <= 1)) {
      throw new PlannerException(
          "The share of requests that may wait is above 0 and at most 1, not %s."
              .formatted(waiting));
    }
    int enough = Math.max(1, (int) Math.ceil(load));
    while (waiting(enough, load) > waiting) {
      enough++;
    }
    return enough;
  }

  /**
   * The quick form for many servers: {@code load + beta sqrt(load)}, with the squared coefficients
   * of variation of the times between requests and of their lengths.
   */
  public static double squareRoot(double load, double beta, double arrivals, double lengths) {
    return load + beta * Math.sqrt(load * (arrivals + lengths) / 2);
  }
}

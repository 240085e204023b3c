package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;

/**
 * What comes.
 *
 * @param requestsPerSecond mean of the busiest hour
 * @param burst how much more come in the busiest minutes; at least 1
 * @param waiting share of requests that may wait for a place; above 0, at most 1
 * @param sites over which it is spread; with more than one, any one of them may be lost
 * @param availability share of replicas that are well; above 0, at most 1
 */
public record Load(
    double requestsPerSecond, double burst, double waiting, int sites, double availability) {
  private static final double MOST_PER_SECOND = 1e9;

  /** Checks the ranges. */
  public Load {
    check(
        requestsPerSecond > 0 && requestsPerSecond <= MOST_PER_SECOND,
        "Requests a second are above 0 and at most a billion, not %s.",
        requestsPerSecond);
    check(burst >= 1 && burst <= 1000, "A burst is 1 to 1,000 times the mean, not %s.", burst);
    check(
        waiting > 0 && waiting <= 1,
        "The share of requests that may wait is above 0 and at most 1, not %s.",
        waiting);
    check(sites >= 1 && sites <= 1000, "Sites are 1 to 1,000, not %s.", sites);
    check(
        availability > 0 && availability <= 1,
        "Availability is above 0 and at most 1, not %s.",
        availability);
  }

  private static void check(boolean holds, String sentence, double value) {
    if (!holds) {
      throw new PlannerException(sentence.formatted(value));
    }
  }
}

package io.yuntai.planner.capacity;

import java.util.Comparator;
import java.util.List;

/**
 * How many replicas a load takes, and why so many.
 *
 * @param rate of each replica
 * @param busyReplicas that the mean of the busiest hour keeps busy, not rounded
 * @param burstReplicas the same in its busiest minutes
 * @param queueReplicas so that few enough requests wait for a place
 * @param replicas in all sites, with one site's loss and with those that are not well
 * @param accelerators of these
 */
public record Sizing(
    ReplicaRate rate,
    double busyReplicas,
    double burstReplicas,
    double queueReplicas,
    int replicas,
    int accelerators) {
  /** Above so many places the exact formula takes long, and the square root is as good. */
  private static final double MANY_PLACES = 100_000;

  /** Share of requests that wait, and the quick form's factor for it (Halfin and Whitt). */
  private static final double[][] BETAS = {{0.505, 0.5}, {0.223, 1}, {0.027, 2}, {0.001, 3.5}};

  /** By the replica with which a load takes the fewest accelerators; of equals the first. */
  public static Sizing least(Load load, RequestClass requests, List<ReplicaRate> rates) {
    return rates.stream()
        .map(rate -> of(load, requests, rate))
        .min(Comparator.comparingInt(Sizing::accelerators))
        .orElseThrow(() -> new IllegalArgumentException("no replica to choose from"));
  }

  /** Sizes for a load of one class of requests. */
  public static Sizing of(Load load, RequestClass requests, ReplicaRate rate) {
    double busy = load.requestsPerSecond() * rate.secondsPerRequest(requests);
    double burst = busy * load.burst();
    // A request has a place in a replica while its answer is written, not a replica.
    double places = burst * rate.sequences();
    double queue = places(places, load.waiting()) / rate.sequences();
    double needed = Math.max(burst, queue) / load.availability();
    int replicas =
        load.sites() == 1
            ? (int) Math.ceil(needed)
            : load.sites() * (int) Math.ceil(needed / (load.sites() - 1));
    return new Sizing(
        rate, busy, burst, queue, replicas, Math.multiplyExact(replicas, rate.accelerators()));
  }

  private static double places(double load, double waiting) {
    if (load < MANY_PLACES) {
      return ErlangC.servers(load, waiting);
    }
    double beta = BETAS[BETAS.length - 1][1];
    for (int i = BETAS.length - 1; i >= 0 && BETAS[i][0] <= waiting; i--) {
      beta = BETAS[i][1];
    }
    return ErlangC.squareRoot(load, beta, 1, 1);
  }
}

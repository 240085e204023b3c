package io.yuntai.server.routes;

import java.util.List;

/**
 * A model's name that leads elsewhere.
 *
 * @param name what requests call it
 * @param targets at least one
 * @param attempts most targets that are asked for one request, the first included
 * @param retryShare retries per request, over all requests of the route
 * @param retryBurst retries that are free before requests have paid for them
 */
public record Route(
    String name, List<Target> targets, int attempts, double retryShare, int retryBurst) {
  /** Copies the list. */
  public Route {
    targets = List.copyOf(targets);
  }
}

package io.yuntai.server.routes;

import java.util.Map;
import java.util.Set;

/**
 * All that the file says.
 *
 * @param upstreams by name
 * @param routes by name
 * @param localResidency where data sent to this server's own models stays
 * @param keyResidency by a key's name: one of these places must hold for all its requests
 */
public record RouteTable(
    Map<String, UpstreamSettings> upstreams,
    Map<String, Route> routes,
    Set<String> localResidency,
    Map<String, Set<String>> keyResidency) {
  /** No routes at all. */
  public static final RouteTable EMPTY = new RouteTable(Map.of(), Map.of(), Set.of(), Map.of());

  /** Copies what could change. */
  public RouteTable {
    upstreams = Map.copyOf(upstreams);
    routes = Map.copyOf(routes);
    localResidency = Set.copyOf(localResidency);
    keyResidency = Map.copyOf(keyResidency);
  }
}

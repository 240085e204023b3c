package io.yuntai.server.admin;

import io.yuntai.server.http.PercentEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which routes a path below {@code /admin/v1} has. */
final class RouteTable {
  private final Map<String, List<AdminRoute>> routes = new LinkedHashMap<>();

  RouteTable(List<AdminRoute> all) {
    for (AdminRoute route : all) {
      routes.computeIfAbsent(route.path(), _ -> new ArrayList<>()).add(route);
    }
  }

  /**
   * What is at a path.
   *
   * @param methods at least one
   * @param names what stands in the path's places
   */
  record Found(List<AdminRoute> methods, Map<String, String> names) {}

  /**
   * What is at a path.
   *
   * @param path percent-encoded, begins with a slash
   */
  Optional<Found> find(String path) {
    List<String> segments = List.of(path.substring(1).split("/", -1));
    for (Map.Entry<String, List<AdminRoute>> entry : routes.entrySet()) {
      Optional<Map<String, String>> names = match(entry.getKey(), segments);
      if (names.isPresent()) {
        return Optional.of(new Found(entry.getValue(), names.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Map<String, String>> match(String template, List<String> segments) {
    List<String> places = List.of(template.substring(1).split("/", -1));
    if (places.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < places.size(); i++) {
      String place = places.get(i);
      if (place.startsWith("{")) {
        names.put(place.substring(1, place.length() - 1), PercentEncoding.decode(segments.get(i)));
      } else if (!place.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }
}

package io.yuntai.console;

import io.yuntai.server.http.PercentEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is at a path: a path without places before one with them. */
final class Paths<T> {
  private final Map<String, List<T>> plain = new LinkedHashMap<>();
  private final Map<String, List<T>> withPlaces = new LinkedHashMap<>();

  Paths(List<T> all, Function<T, String> path) {
    for (T one : all) {
      String at = path.apply(one);
      (at.contains("{") ? withPlaces : plain).computeIfAbsent(at, _ -> new ArrayList<>()).add(one);
    }
  }

  /**
   * What is there.
   *
   * @param all at least one
   * @param places what stands in the path's places, decoded
   */
  record Found<T>(List<T> all, Map<String, String> places) {}

  Optional<Found<T>> find(String path) {
    List<T> here = plain.get(path);
    if (here != null) {
      return Optional.of(new Found<>(here, Map.of()));
    }
    String[] segments = path.split("/", -1);
    for (Map.Entry<String, List<T>> entry : withPlaces.entrySet()) {
      Optional<Map<String, String>> places = match(entry.getKey().split("/", -1), segments);
      if (places.isPresent()) {
        return Optional.of(new Found<>(entry.getValue(), places.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Map<String, String>> match(String[] template, String[] segments) {
    if (template.length != segments.length) {
      return Optional.empty();
    }
    Map<String, String> places = new HashMap<>();
    for (int i = 0; i < template.length; i++) {
      if (template[i].startsWith("{")) {
        places.put(
            template[i].substring(1, template[i].length() - 1),
            PercentEncoding.decode(segments[i]));
      } else if (!template[i].equals(segments[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(places);
  }
}

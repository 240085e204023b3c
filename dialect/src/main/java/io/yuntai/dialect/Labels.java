package io.yuntai.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a client writes on a request for itself or for an upstream; no answer depends on it.
 *
 * @param metadata names and texts, in their order
 * @param promptCacheKey which requests begin alike
 * @param safetyIdentifier the client's end user, hashed
 */
public record Labels(
    Map<String, String> metadata,
    Optional<String> promptCacheKey,
    Optional<String> safetyIdentifier) {
  /** Nothing. */
  public static final Labels NONE = new Labels(Map.of(), Optional.empty(), Optional.empty());

  /** Copies what could change. */
  public Labels {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}

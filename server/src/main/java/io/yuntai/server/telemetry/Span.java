package io.yuntai.server.telemetry;

import java.util.Map;
import java.util.Optional;

/**
 * A piece of a trace, as OpenTelemetry has them.
 *
 * @param place its trace and its own id
 * @param parentId 16 hexadecimal digits; empty for the first of its trace
 * @param startNanos since 1970
 * @param endNanos since 1970
 * @param attributes texts, numbers, truths and lists of texts
 * @param error what went wrong; empty where nothing did
 */
record Span(
    TraceContext place,
    Optional<String> parentId,
    String name,
    Kind kind,
    long startNanos,
    long endNanos,
    Map<String, Object> attributes,
    String error) {
  Span {
    attributes = Map.copyOf(attributes);
  }

  /** What it does, by OpenTelemetry's numbers. */
  enum Kind {
    INTERNAL(1),
    SERVER(2),
    CLIENT(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }
}

package io.yuntai.server.telemetry;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request's place in a trace, as the header {@code traceparent} says it (W3C Trace Context).
 *
 * @param traceId 32 hexadecimal digits, not all 0
 * @param spanId 16 hexadecimal digits, not all 0
 * @param sampled whether the trace is recorded
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  /** A later version may go on after a hyphen; version ff is none. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** What a header says; empty where it says nothing that can be understood. */
  public static Optional<TraceContext> parse(String header) {
    Matcher text = TEXT.matcher(header.strip());
    if (!text.matches() || (text.group(1).equals("00") && text.group(5) != null)) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceContext(
            text.group(2), text.group(3), (Integer.parseInt(text.group(4), 16) & 1) != 0));
  }

  /** A trace of its own. */
  static TraceContext fresh(RandomGenerator random, boolean sampled) {
    return new TraceContext(id(random) + id(random), id(random), sampled);
  }

  /** Another span of the same trace. */
  TraceContext child(RandomGenerator random) {
    return new TraceContext(traceId, id(random), sampled);
  }

  private static String id(RandomGenerator random) {
    long id;
    do {
      id = random.nextLong();
    } while (id == 0);
    return HexFormat.of().toHexDigits(id);
  }

  /** As the header says it. */
  public String header() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}

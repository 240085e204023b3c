package io.yuntai.server.upstream;

import java.time.Duration;

/**
 * How long an upstream may take.
 *
 * @param connect until a connection stands, TLS included
 * @param firstToken from the request until the first piece of a streamed answer
 * @param idle between two pieces
 * @param total for the whole answer, and until a whole answer that is not streamed
 */
public record UpstreamTimeouts(
    Duration connect, Duration firstToken, Duration idle, Duration total) {
  /** Generous: long prompts take their time. */
  public static final UpstreamTimeouts DEFAULTS =
      new UpstreamTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10));
}

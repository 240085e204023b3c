package io.yuntai.server.gateway;

import java.util.Map;

/**
 * What a target of routes has done since the server started, for metrics.
 *
 * @param target such as {@code openai/gpt-4.1}
 * @param breaker 0 closed, 1 half-open, 2 open
 * @param healthy what its upstream's last probe said; true where it is not probed
 * @param inFlight requests that it answers now
 * @param outcomes requests by how they ended, such as {@code ok} or {@code timeout}
 * @param firstTokens answers that began
 * @param firstTokenSeconds from asking to the first token, over all of those
 * @param promptTokens as it counted them
 * @param completionTokens as it counted them
 */
public record TargetStatistics(
    String target,
    int breaker,
    boolean healthy,
    long inFlight,
    Map<String, Long> outcomes,
    long firstTokens,
    double firstTokenSeconds,
    long promptTokens,
    long completionTokens) {
  /** Copies what could change. */
  public TargetStatistics {
    outcomes = Map.copyOf(outcomes);
  }
}

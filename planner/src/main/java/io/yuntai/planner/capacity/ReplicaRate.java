package io.yuntai.planner.capacity;

/**
 * What one replica of a model does.
 *
 * @param accelerators that it takes
 * @param sequences that answer at the same time
 * @param prefillTokensPerSecond of prompts, while it does nothing else
 * @param decodeTokensPerSecond of answers, while it does nothing else
 * @param source where the rates come from
 */
public record ReplicaRate(
    int accelerators,
    double sequences,
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    String source) {
  /** Seconds of a replica's whole time that a request takes. */
  public double secondsPerRequest(RequestClass requests) {
    return requests.computedInput() / prefillTokensPerSecond
        + requests.outputTokens() / decodeTokensPerSecond;
  }
}

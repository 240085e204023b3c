package io.yuntai.engine;

/**
 * Bounds of a running encoder.
 *
 * @param maxRequests most requests that wait or are computed; one more is an {@link
 *     EngineBusyException}
 * @param maxRequestsPerNamespace of these, of any one namespace
 * @param maxWaitingTokens most tokens of all requests that wait; a request that alone is longer
 *     still gets in when nothing waits
 */
public record EncoderOptions(int maxRequests, int maxRequestsPerNamespace, long maxWaitingTokens) {
  /** What suits a laptop; half the places are out of reach of any one namespace. */
  public static final EncoderOptions DEFAULTS = new EncoderOptions(256, 128, 4L << 20);

  /** Checks ranges. */
  public EncoderOptions {
    if (maxRequests < 1
        || maxRequestsPerNamespace < 1
        || maxRequestsPerNamespace > maxRequests
        || maxWaitingTokens < 1) {
      throw new IllegalArgumentException(
          "an encoder takes at least one request and one token, and no more of one namespace than of all, not %d, %d and %d"
              .formatted(maxRequests, maxRequestsPerNamespace, maxWaitingTokens));
    }
  }
}

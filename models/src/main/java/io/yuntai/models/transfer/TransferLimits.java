package io.yuntai.models.transfer;

import java.time.Duration;

/**
 * The bounds of a transfer.
 *
 * @param connections ranges fetched at once
 * @param segmentBytes the longest range asked for in one request
 * @param connectTimeout until a connection is there
 * @param stallTimeout until an answer's head is there, and the time in which {@code stallBytes}
 *     must arrive
 * @param stallBytes fewer in one {@code stallTimeout} count as a stall
 * @param retriesMax repeats in a row without a new byte
 * @param retriesTotalMax repeats in one transfer, progress or not
 * @param backoffMin before the first repeat; doubles from repeat to repeat
 * @param backoffMax the longest such wait
 * @param retryAfterMax the longest wait that a server may ask for
 * @param redirectsMax redirects followed for one request
 * @param restartsMax starts from the beginning because the remote file changed
 * @param fileBytesMax the largest file taken
 */
public record TransferLimits(
    int connections,
    long segmentBytes,
    Duration connectTimeout,
    Duration stallTimeout,
    long stallBytes,
    int retriesMax,
    int retriesTotalMax,
    Duration backoffMin,
    Duration backoffMax,
    Duration retryAfterMax,
    int redirectsMax,
    int restartsMax,
    long fileBytesMax) {

  /** For hubs on the Internet; four connections saturate most links and offend none of the hubs. */
  public static TransferLimits standard() {
    return new TransferLimits(
        4,
        64L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        16L << 10,
        5,
        500,
        Duration.ofMillis(500),
        Duration.ofSeconds(15),
        Duration.ofSeconds(120),
        10,
        2,
        2L << 40);
  }
}

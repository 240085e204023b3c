package io.yuntai.ledger.node;

import io.yuntai.ledger.leases.LeaseSettings;
import java.time.Duration;

/**
 * Bounds of a gateway's part of the ledger.
 *
 * @param leases of the leases
 * @param batchRows most requests settled at once
 * @param batchWait how long a request waits for others to be settled with
 * @param maxBacklog with so many requests unsettled no further one is let in
 * @param retryMost how long it is waited at most until a bank is asked again that did not answer
 * @param presenceEvery how often it is asked what other gateways need, while there are leases
 */
public record NodeSettings(
    LeaseSettings leases,
    int batchRows,
    Duration batchWait,
    int maxBacklog,
    Duration retryMost,
    Duration presenceEvery) {
  /**
   * A batch costs about two milliseconds of processor time, whether it has one row or twenty: with
   * 20 ms a gateway of 100 requests a second spent more on its settlements than on its requests.
   */
  private static final Duration BATCH_WAIT = Duration.ofMillis(500);

  /** For one gateway that has its counters to itself. */
  public static final NodeSettings ALONE = of(LeaseSettings.ALONE, Duration.ofSeconds(2));

  /** For several gateways on the same counters. */
  public static final NodeSettings SHARED = of(LeaseSettings.SHARED, Duration.ofMillis(100));

  private static NodeSettings of(LeaseSettings leases, Duration presenceEvery) {
    return new NodeSettings(leases, 500, BATCH_WAIT, 100_000, Duration.ofSeconds(5), presenceEvery);
  }
}

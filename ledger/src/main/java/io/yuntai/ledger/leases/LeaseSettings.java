package io.yuntai.ledger.leases;

import java.time.Duration;

/**
 * Bounds of a {@link LeaseBook}.
 *
 * @param validity how long leases are asked for; 1 second to 1 hour
 * @param idleAfter a lease that nobody drew from for so long is given back
 * @param retryAfter how long until the bank is asked again for a request that waits
 * @param recallWait how long a request that the bank refused waits for other gateways to give back
 *     what they don't use; zero where there are none
 * @param holdWait how long a request waits for others of this gateway to end that hold more than
 *     they will use
 * @param outageWait how long a request waits for a bank that does not answer
 * @param maxWaiting how many requests may wait at once; one more is decided at once
 */
public record LeaseSettings(
    Duration validity,
    Duration idleAfter,
    Duration retryAfter,
    Duration recallWait,
    Duration holdWait,
    Duration outageWait,
    int maxWaiting) {
  /** How long a lease lives that is to last while the bank does not answer. */
  static final Duration SET_ASIDE = Duration.ofHours(1);

  /** For one gateway that has its counters to itself. */
  public static final LeaseSettings ALONE =
      new LeaseSettings(
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofMillis(100),
          Duration.ZERO,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          4096);

  /** For several gateways on the same counters. */
  public static final LeaseSettings SHARED =
      new LeaseSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMillis(400),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          4096);

  /** Checks the ranges. */
  public LeaseSettings {
    if (validity.compareTo(Duration.ofSeconds(1)) < 0
        || validity.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("leases for " + validity);
    }
    if (maxWaiting < 1) {
      throw new IllegalArgumentException("at most " + maxWaiting + " waiting");
    }
  }
}

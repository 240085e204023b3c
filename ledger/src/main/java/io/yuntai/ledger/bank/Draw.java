package io.yuntai.ledger.bank;

/**
 * What a request took from a lease.
 *
 * @param leaseId the lease
 * @param counterId the counter that it is on
 * @param amount how much, in the counter's unit, not negative
 */
public record Draw(long leaseId, long counterId, long amount) {
  /** Checks the range. */
  public Draw {
    if (amount < 0) {
      throw new IllegalArgumentException("a draw of " + amount + " from lease " + leaseId);
    }
  }
}

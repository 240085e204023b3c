package io.yuntai.ledger.leases;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Draw;
import java.time.Duration;
import java.util.List;

/** What a {@link LeaseBook} wants of the bank. */
public sealed interface LeaseWork {
  /**
   * Leases wanted. Brought back as {@link LeaseBook#granted} or {@link LeaseBook#grantFailed}.
   *
   * @param round its number
   * @param askedNanos when the asking began, by the monotonic clock: leases count from here
   * @param asks one for each counter
   */
  record Asking(long round, long askedNanos, List<Ask> asks) implements LeaseWork {}

  /**
   * Leases to be kept alive, for requests under way draw from them.
   *
   * @param askedNanos when the asking began
   * @param validFor for how long
   */
  record Renewing(long askedNanos, List<Long> leaseIds, Duration validFor) implements LeaseWork {}

  /** Leases that are settled and not used any more. */
  record Releasing(List<Long> leaseIds) implements LeaseWork {}

  /**
   * Recalled leases that requests still hold something of: all but that goes back.
   *
   * @param kept how much of each lease stays
   */
  record Shrinking(List<Draw> kept) implements LeaseWork {}
}

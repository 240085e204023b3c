package io.yuntai.ledger.bank;

import java.time.Duration;

/**
 * A lease that was given.
 *
 * @param leaseId the lease
 * @param counterId the counter that it is on
 * @param granted how much may be spent, in the counter's unit
 * @param validFor how long; whoever asked counts from before it asked, so that it never spends
 *     longer than the bank believes
 * @param limit what the counter may come to in all
 * @param left what nobody has used or leased of it after this
 */
public record Grant(
    long leaseId, long counterId, long granted, Duration validFor, long limit, long left) {}

package io.yuntai.ledger.leases;

import io.yuntai.ledger.budgets.PlannedCounter;

/**
 * How a counter stands, as far as this gateway knows.
 *
 * @param limit what it may come to in all, in its unit
 * @param remaining what is neither used nor held: exact where no other gateway draws from it, and
 *     else as the bank said it when it was asked last
 */
public record Standing(PlannedCounter counter, long limit, long remaining) {}

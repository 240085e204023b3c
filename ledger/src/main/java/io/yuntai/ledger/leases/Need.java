package io.yuntai.ledger.leases;

import io.yuntai.ledger.budgets.Unit;

/** How much a request takes of counters. A pure function that never falls as tokens grow. */
@FunctionalInterface
public interface Need {
  /**
   * What is surely enough, rounded up.
   *
   * @param unit what the counter counts
   * @param outputTokens tokens that may be generated, over all answers of the request
   */
  long amount(Unit unit, long outputTokens);
}

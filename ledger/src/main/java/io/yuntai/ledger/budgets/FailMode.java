package io.yuntai.ledger.budgets;

/** What happens to requests when nobody can say whether there is money left. */
public enum FailMode {
  /** They are refused. */
  CLOSED,
  /**
   * They are let in from what was set aside for this: each gateway that serves the organisation has
   * leased a tenth of every counter (or its fair share, where less is left), for an hour instead of
   * seconds. It comes out of the counters beforehand, so nothing is overspent; a gateway that is
   * lost keeps it from the others for as long.
   */
  OPEN
}

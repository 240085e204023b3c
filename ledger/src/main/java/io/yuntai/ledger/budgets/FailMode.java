package io.yuntai.ledger.budgets;

/** What happens to requests when nobody can say whether there is money left. */
public enum FailMode {
  /** They are refused. */
  CLOSED,
  /** They are let in, up to what the organisation has set aside for this. */
  OPEN
}

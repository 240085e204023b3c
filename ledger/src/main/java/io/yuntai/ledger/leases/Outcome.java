package io.yuntai.ledger.leases;

import io.yuntai.ledger.budgets.PlannedCounter;

/** What became of an {@link Admission}. */
public sealed interface Outcome {
  /**
   * The request may go on.
   *
   * @param hold what it holds now; its {@link Hold#outputTokens} says how far it may go
   */
  record Held(Hold hold) implements Outcome {}

  /**
   * A counter has too little left, after the bank was asked and idle leases were recalled.
   *
   * @param counter the first that lacks
   */
  record Refused(PlannedCounter counter) implements Outcome {}

  /** Nobody can say what is left: the bank does not answer, or this gateway was replaced. */
  record Unavailable(boolean fenced) implements Outcome {}
}

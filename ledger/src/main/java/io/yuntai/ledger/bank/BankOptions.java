package io.yuntai.ledger.bank;

import java.time.Duration;

/**
 * Bounds of a bank.
 *
 * @param activeWithin a node that was seen within this time counts when what is left is shared out
 * @param grace how long after its expiry a lease stays open, so that its node can settle what its
 *     journal holds
 * @param statementTimeout how long one statement may take
 */
public record BankOptions(Duration activeWithin, Duration grace, Duration statementTimeout) {
  /** What suits a gateway and a database near it. */
  public static final BankOptions DEFAULT =
      new BankOptions(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(30));

  /** Checks the ranges. */
  public BankOptions {
    if (!activeWithin.isPositive() || grace.isNegative() || !statementTimeout.isPositive()) {
      throw new IllegalArgumentException("bank options out of range: " + activeWithin);
    }
  }
}

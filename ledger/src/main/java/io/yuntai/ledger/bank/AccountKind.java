package io.yuntai.ledger.bank;

import java.util.Locale;

/** The accounts that each organisation has in its currency. */
public enum AccountKind {
  /** What came from the tenant. */
  CASH,
  /** What the tenant owes. */
  RECEIVABLE,
  /** What the tenant paid for and has not got yet: a liability. */
  PREPAID,
  /** What was served, at its price. */
  REVENUE,
  /** What of it was given away. */
  PROMOTION,
  /** What of it was given back for bad service. */
  SERVICE,
  /** What was paid for and expired. */
  BREAKAGE,
  /** What was served and nobody can be charged for. */
  LOSS,
  /** Tax that is passed on. */
  TAX,
  /** What rounding to whole cents added or took. */
  ROUNDING,
  /** Positions between currencies. */
  EXCHANGE;

  /** As in the database: {@code prepaid}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

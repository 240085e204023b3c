package io.yuntai.ledger.budgets;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;

/** What credit is, in the order in which it is used up. */
public enum CreditKind {
  /** A free quota. */
  FREE,
  /** What a plan includes. */
  PLAN,
  /** A present. */
  PROMO,
  /** Paid beforehand. */
  PAID;

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of this name. */
  public static CreditKind of(String label) {
    for (CreditKind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    throw RefusedException.invalid(
        "kind",
        "'%s' is no kind of credit: there are free, plan, promo and paid."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}

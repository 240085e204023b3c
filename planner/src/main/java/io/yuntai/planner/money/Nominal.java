package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;

/**
 * Money as it is paid: in the prices of the quarter in which it is.
 *
 * @param amount finite
 * @param paid when
 */
public record Nominal(double amount, PlanCurrency currency, Quarter paid) {
  /** Checks that it is a number. */
  public Nominal {
    if (!Double.isFinite(amount)) {
      throw new PlannerException("%s is no amount of money.".formatted(amount));
    }
  }

  /**
   * With another of the same quarter and currency.
   *
   * @throws PlannerException for another quarter or currency
   */
  public Nominal plus(Nominal other) {
    if (currency != other.currency || !paid.equals(other.paid)) {
      throw new PlannerException(
          "%s of %s and %s of %s can't be added; convert or discount one of them."
              .formatted(currency, paid, other.currency, other.paid));
    }
    return new Nominal(amount + other.amount, currency, paid);
  }
}

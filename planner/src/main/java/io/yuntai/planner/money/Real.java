package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;

/**
 * Money in the prices of one quarter, whenever it is paid.
 *
 * @param amount finite
 * @param prices the quarter whose prices they are
 */
public record Real(double amount, PlanCurrency currency, Quarter prices) {
  /** Checks that it is a number. */
  public Real {
    if (!Double.isFinite(amount)) {
      throw new PlannerException("%s is no amount of money.".formatted(amount));
    }
  }

  /**
   * With another in the same prices and currency.
   *
   * @throws PlannerException for other prices or another currency
   */
  public Real plus(Real other) {
    if (currency != other.currency || !prices.equals(other.prices)) {
      throw new PlannerException(
          "%s in prices of %s and %s in prices of %s can't be added."
              .formatted(currency, prices, other.currency, other.prices));
    }
    return new Real(amount + other.amount, currency, prices);
  }
}

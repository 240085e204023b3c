package io.yuntai.ledger.budgets;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.List;

/**
 * How much may be used.
 *
 * @param unit of what
 * @param period in which time
 * @param amount how much of it: nano of money, tokens, requests, or requests at once; 0 for nothing
 * @param hard whether requests are refused at the amount; otherwise it is only told
 * @param alertPercents at which percentages of the amount it is told, ascending
 */
public record BudgetTerms(
    Unit unit, Period period, long amount, boolean hard, List<Integer> alertPercents) {
  /** Told unless something else is said. */
  public static final List<Integer> DEFAULT_ALERTS = List.of(80, 100);

  /** Larger amounts are written by mistake, and sums of them would not fit. */
  public static final long MAX_AMOUNT = Long.MAX_VALUE / 4;

  private static final int MAX_ALERTS = 10;
  private static final int MAX_PERCENT = 1000;

  /** Checks the ranges. */
  public BudgetTerms {
    if (amount < 0 || amount > MAX_AMOUNT) {
      throw RefusedException.invalid(
          "amount", "The amount is not negative and not astronomical; write 0 for nothing at all.");
    }
    if (unit == Unit.PARALLEL && period != Period.TOTAL) {
      throw RefusedException.invalid(
          "period", "Requests at once are not counted by period: leave it out.");
    }
    alertPercents = alertPercents.stream().distinct().sorted().toList();
    if (alertPercents.size() > MAX_ALERTS
        || alertPercents.stream().anyMatch(p -> p < 1 || p > MAX_PERCENT)) {
      throw RefusedException.invalid(
          "alert_percents",
          "At most %d percentages from 1 to %d tell of a budget."
              .formatted(MAX_ALERTS, MAX_PERCENT));
    }
  }

  /** The same with another amount. */
  public BudgetTerms of(long other) {
    return new BudgetTerms(unit, period, other, hard, alertPercents);
  }
}

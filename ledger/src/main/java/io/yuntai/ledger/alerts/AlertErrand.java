package io.yuntai.ledger.alerts;

import io.yuntai.ledger.budgets.BudgetAlert;

/**
 * Something that is to be told to somebody now.
 *
 * @param id row of the table {@code alert_delivery}
 * @param attempt from 1
 * @param target to whom
 * @param secret under which a webhook's call is signed; empty for mail
 * @param alert what
 */
public record AlertErrand(
    long id, int attempt, AlertTarget target, String secret, BudgetAlert alert) {
  @Override
  public String toString() {
    return "alert %d to %s".formatted(alert.id(), target.address());
  }
}

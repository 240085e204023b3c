package io.yuntai.ledger.budgets;

import java.time.Instant;

/**
 * A budget that has been used up to one of its percentages.
 *
 * @param id row of the table {@code budget_alert}
 * @param orgId whose budget
 * @param organisation its name
 * @param budgetId which budget; 0 for the wallet
 * @param target of what it is, in words
 * @param unit what it counts
 * @param percent which percentage was reached
 * @param used how much was used when it was noticed
 * @param amount the budget's amount then
 * @param at when it was noticed
 */
public record BudgetAlert(
    long id,
    long orgId,
    String organisation,
    long budgetId,
    String target,
    Unit unit,
    int percent,
    long used,
    long amount,
    Instant at) {}

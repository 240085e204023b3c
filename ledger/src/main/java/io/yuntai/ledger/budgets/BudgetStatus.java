package io.yuntai.ledger.budgets;

/**
 * How a budget stands.
 *
 * @param budget the budget
 * @param window now
 * @param used what was used in it
 * @param reserved what gateways have set aside for requests that run or come soon
 */
public record BudgetStatus(Budget budget, Window window, long used, long reserved) {}

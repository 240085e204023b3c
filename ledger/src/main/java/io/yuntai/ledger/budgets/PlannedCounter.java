package io.yuntai.ledger.budgets;

import java.time.Instant;

/**
 * A counter that a request draws from.
 *
 * @param counterId row of the table {@code counter}
 * @param unit what it counts
 * @param windowEnd from when on another counter takes its place; {@link Instant#MAX} for never
 * @param label the budget in words for the one who is refused, such as {@code the key's budget of
 *     1.00 CNY per day}
 */
public record PlannedCounter(long counterId, Unit unit, Instant windowEnd, String label) {}

package io.yuntai.ledger.budgets;

import java.time.Instant;
import java.time.ZoneId;

/**
 * A limit on what is used within each window of time.
 *
 * @param id row of the table {@code budget}
 * @param target of what
 * @param terms how much
 * @param zone where its days begin
 * @param created when it was made
 * @param version grows with each change
 */
public record Budget(
    long id, BudgetTarget target, BudgetTerms terms, ZoneId zone, Instant created, long version) {}

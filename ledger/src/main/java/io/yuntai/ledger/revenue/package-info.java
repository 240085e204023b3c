/**
 * The operator's own figures: what was earned in each month, quarter or year of its fiscal year, by
 * model, product or tenant, and what is still owed to tenants in service.
 *
 * <p>All is read from settled usage and the ledger's entries, by the time of the entry, so a period
 * that is over never changes. Sums are integers of the reporting currency's nano; other currencies
 * are converted month by month at a rate that the report names.
 */
@NullMarked
package io.yuntai.ledger.revenue;

import org.jspecify.annotations.NullMarked;

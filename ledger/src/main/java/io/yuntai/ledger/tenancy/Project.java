package io.yuntai.ledger.tenancy;

import java.time.Instant;

/**
 * A part of an organisation's work: its keys, usage and budgets apart from those of other parts.
 *
 * @param id row of the table {@code project}
 * @param name unique within the organisation
 * @param title for people; may be empty
 * @param created when it was made
 * @param version grows with each change
 */
public record Project(long id, String name, String title, Instant created, long version) {}

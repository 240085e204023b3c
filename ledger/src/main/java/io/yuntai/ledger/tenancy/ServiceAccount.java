package io.yuntai.ledger.tenancy;

import java.time.Instant;

/**
 * A program that has keys of its own, so that they outlive whoever made them.
 *
 * @param id row of the table {@code service_account}
 * @param name unique within the organisation
 * @param project whose work it does
 * @param role what its keys may do in the admin API, where they have the scope {@code admin}
 * @param created when it was made
 * @param version grows with each change
 */
public record ServiceAccount(
    long id, String name, String project, Role role, Instant created, long version) {}

package io.yuntai.ledger.tenancy;

import java.time.Instant;

/**
 * A person in an organisation.
 *
 * @param userId row of the table {@code app_user}
 * @param email unique on this server
 * @param name what the person is called; may be empty
 * @param role what the person may do here
 * @param created since when a member
 * @param version grows with each change
 */
public record Member(
    long userId, String email, String name, Role role, Instant created, long version) {}

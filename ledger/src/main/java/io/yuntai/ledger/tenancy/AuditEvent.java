package io.yuntai.ledger.tenancy;

import java.time.Instant;

/**
 * A change that somebody made.
 *
 * @param id grows with time
 * @param at when, by the database's clock
 * @param organisation whose it was
 * @param actor who: see {@link Actor}
 * @param origin where from
 * @param action such as {@code key.create}
 * @param target what was changed, such as {@code key:4f9a...}
 * @param detail the values that it has now, as text, without secrets
 * @param beforeSha256 of the values before, in hexadecimal digits; empty for none
 * @param afterSha256 of the values after; empty for none
 */
public record AuditEvent(
    long id,
    Instant at,
    String organisation,
    String actor,
    String origin,
    String action,
    String target,
    String detail,
    String beforeSha256,
    String afterSha256) {}

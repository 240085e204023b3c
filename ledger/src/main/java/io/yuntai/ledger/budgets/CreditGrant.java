package io.yuntai.ledger.budgets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that an organisation has before it uses any.
 *
 * @param id row of the table {@code credit_grant}
 * @param kind what it is
 * @param amountNano in the organisation's currency
 * @param expires when what is left of it is lost; null for never
 * @param expiredNano what was left then; null until then
 * @param note for people; may be empty
 * @param created when it was given
 */
public record CreditGrant(
    long id,
    CreditKind kind,
    long amountNano,
    @Nullable Instant expires,
    @Nullable Long expiredNano,
    String note,
    Instant created) {}

package io.yuntai.ledger.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key once it has been made.
 *
 * @param id names the key; not secret
 * @param rowId row of the table {@code api_key}
 * @param rootId the id of the key that was rotated, perhaps several times, into this one; its own
 *     where it is the first. What is kept for clients, and budgets, belong to it
 * @param name what its owner calls it
 * @param prefix the key's beginning, by which its owner recognises it: {@code yt-}id
 * @param owner whose it is
 * @param limits what it may be used for
 * @param created when it was made
 * @param expires from when on it is refused, null for never
 * @param revoked when it was revoked, null if it wasn't
 * @param lastUsed when it was last accepted, up to a minute behind; null if it never was
 * @param version grows with each change
 */
public record ApiKey(
    String id,
    long rowId,
    String rootId,
    String name,
    String prefix,
    KeyOwner owner,
    KeyLimits limits,
    Instant created,
    @Nullable Instant expires,
    @Nullable Instant revoked,
    @Nullable Instant lastUsed,
    long version) {}

package io.yuntai.ledger.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key once it has been made.
 *
 * @param id names the key; not secret
 * @param name what its owner calls it
 * @param prefix the key's beginning, by which its owner recognises it: {@code yt-}id
 * @param created when it was made
 * @param expires from when on it is refused, null for never
 * @param revoked when it was revoked, null if it wasn't
 * @param lastUsed when it was last accepted, up to a minute behind; null if it never was
 */
public record ApiKey(
    String id,
    String name,
    String prefix,
    Instant created,
    @Nullable Instant expires,
    @Nullable Instant revoked,
    @Nullable Instant lastUsed) {}

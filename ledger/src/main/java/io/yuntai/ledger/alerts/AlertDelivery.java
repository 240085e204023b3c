package io.yuntai.ledger.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the telling of an alert stands.
 *
 * @param id grows with time
 * @param alertId which alert
 * @param target to whom
 * @param attempts how often it was tried
 * @param next when it will be tried; null once it is over
 * @param delivered when it was accepted; null before
 * @param failed when it was given up; null otherwise
 * @param problem what went wrong at the last attempt; empty for nothing
 */
public record AlertDelivery(
    long id,
    long alertId,
    AlertTarget target,
    int attempts,
    @Nullable Instant next,
    @Nullable Instant delivered,
    @Nullable Instant failed,
    String problem) {}

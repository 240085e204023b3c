package io.yuntai.server.gateway;

import io.yuntai.ledger.budgets.Unit;
import java.time.Instant;

/**
 * How a limit of a key's requests or tokens stands.
 *
 * @param unit {@link Unit#REQUESTS} or {@link Unit#TOKENS}
 * @param limit of a window, or of all time
 * @param remaining what is neither used nor held by requests under way
 * @param at when that was so
 * @param resetsAt when the next window begins; {@link Instant#MAX} for never
 */
public record RateLimit(Unit unit, long limit, long remaining, Instant at, Instant resetsAt) {}

package io.yuntai.ledger.budgets;

import java.time.Instant;

/**
 * A stretch of time, from its first instant up to its end, which is not in it.
 *
 * @param from {@link Instant#MIN} for always
 * @param to {@link Instant#MAX} for ever
 */
public record Window(Instant from, Instant to) {
  /** All time. */
  public static final Window ALWAYS = new Window(Instant.MIN, Instant.MAX);

  /** Checks the order. */
  public Window {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("a window from " + from + " to " + to);
    }
  }

  /** Whether an instant lies in it. */
  public boolean contains(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}

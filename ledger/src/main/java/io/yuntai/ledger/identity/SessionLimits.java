package io.yuntai.ledger.identity;

import java.time.Duration;

/**
 * How long sessions last.
 *
 * @param idle without being used; above 0
 * @param most in any case; at least {@code idle}
 */
public record SessionLimits(Duration idle, Duration most) {
  /** Half a day, and a week: a person signs in on Monday and is asked again the next one. */
  public static final SessionLimits DEFAULTS =
      new SessionLimits(Duration.ofHours(12), Duration.ofDays(7));

  /** Checks the order. */
  public SessionLimits {
    if (idle.isNegative() || idle.isZero() || most.compareTo(idle) < 0) {
      throw new IllegalArgumentException(
          "a session's idle time %s is not within its whole time %s".formatted(idle, most));
    }
  }
}

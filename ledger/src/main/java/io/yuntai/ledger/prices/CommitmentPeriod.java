package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** What a commitment is measured by. Periods follow one another without a gap. */
public enum CommitmentPeriod {
  /** An hour of UTC. */
  HOUR,
  /** A month by the clock of the commitment. */
  MONTH;

  private static final long MOST = 10_000;

  /** When the period began that an instant is in. */
  public Instant begin(Instant at, LocalClock clock) {
    return switch (this) {
      case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
      case MONTH -> clock.monthBegin(at);
    };
  }

  /** When the period after this one begins. */
  public Instant next(Instant begin, LocalClock clock) {
    return switch (this) {
      case HOUR -> begin.plus(Duration.ofHours(1));
      case MONTH -> clock.monthBegin(begin.plus(Duration.ofDays(32)));
    };
  }

  /** How many periods begin at or after an instant and before another. */
  public long beginnings(Instant from, Instant until, LocalClock clock) {
    Instant begin = begin(from, clock);
    if (begin.isBefore(from)) {
      begin = next(begin, clock);
    }
    if (!begin.isBefore(until)) {
      return 0;
    }
    if (this == HOUR) {
      return Math.ceilDiv(
          ChronoUnit.MICROS.between(begin, until), Duration.ofHours(1).toMillis() * 1_000);
    }
    long count = 0;
    while (begin.isBefore(until)) {
      begin = next(begin, clock);
      count++;
      if (count > MOST) {
        throw new IllegalArgumentException("from " + from + " to " + until);
      }
    }
    return count;
  }

  /** As on a command line and in the database: {@code hour}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The period of a {@link #text}.
   *
   * @throws MoneyException when there is none
   */
  public static CommitmentPeriod of(String text) {
    return Arrays.stream(values())
        .filter(one -> one.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new MoneyException("A commitment is by the hour or month, not by '" + text + "'."));
  }
}

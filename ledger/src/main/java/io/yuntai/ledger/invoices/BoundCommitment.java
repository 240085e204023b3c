package io.yuntai.ledger.invoices;

import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.LocalClock;
import java.time.Instant;

/**
 * A commitment as an invoice applies it: with its clock as it was when the invoice was issued,
 * since the rules of time zones change and what an invoice says must not.
 */
public record BoundCommitment(Commitment commitment, LocalClock clock) {
  /** When the period began that an instant is in. */
  Instant begin(Instant at) {
    return commitment.period().begin(at, clock);
  }

  /** How many of its periods begin in an invoice's time: so many fees are on it. */
  long fees(Terms.UsageRange range) {
    Instant from = later(commitment.from(), range.previousUntil());
    Instant end = commitment.until();
    Instant until = end == null || range.until().isBefore(end) ? range.until() : end;
    return from.isBefore(until) ? commitment.period().beginnings(from, until, clock) : 0;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }
}

package io.yuntai.ledger.node;

import java.time.Instant;

/**
 * The bank's time: what it said last, carried on by the monotonic clock. This machine's own wall
 * clock may say what it likes. Safe for use by many threads.
 */
final class BankClock {
  private volatile Reading reading;

  private record Reading(Instant at, long nanos) {}

  BankClock(Instant at, long nanos) {
    this.reading = new Reading(at, nanos);
  }

  /** The bank said this between two points of the monotonic clock. */
  void told(Instant at, long askedNanos, long answeredNanos) {
    reading = new Reading(at, askedNanos + (answeredNanos - askedNanos) / 2);
  }

  Instant at(long nanos) {
    Reading last = reading;
    return last.at().plusNanos(nanos - last.nanos());
  }
}

package io.yuntai.ledger.node;

import java.time.Instant;

/**
 * The bank's time: what it said last, carried on by the monotonic clock. This machine's own wall
 * clock may say what it likes. Safe for use by many threads.
 */
final class BankClock {
  /** How wrong a time may be that was read before this clock was made. */
  private static final long FIRST_ERROR_NANOS = 1_000_000_000;

  private volatile Reading reading;

  /** A time of the bank's, wrong by so much at most when it was read. */
  private record Reading(Instant at, long nanos, long errorNanos) {
    /** Monotonic clocks may differ by a thousandth. */
    long errorNanos(long now) {
      return errorNanos + (now - nanos) / 1000;
    }
  }

  BankClock(Instant at, long nanos) {
    this.reading = new Reading(at, nanos, FIRST_ERROR_NANOS);
  }

  /**
   * The bank said this between two points of the monotonic clock. An answer that was long under way
   * (this process may have stood still meanwhile) tells less than is known already.
   */
  void told(Instant at, long askedNanos, long answeredNanos) {
    long error = (answeredNanos - askedNanos) / 2;
    if (error <= reading.errorNanos(answeredNanos)) {
      reading = new Reading(at, askedNanos + error, error);
    }
  }

  Instant at(long nanos) {
    Reading last = reading;
    return last.at().plusNanos(nanos - last.nanos());
  }
}

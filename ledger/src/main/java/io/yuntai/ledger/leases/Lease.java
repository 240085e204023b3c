package io.yuntai.ledger.leases;

/**
 * A part of a counter that this gateway may spend.
 *
 * <p>{@code held + captured <= kept <= granted} and {@code settled <= captured}, always.
 */
final class Lease {
  final long id;
  final CounterLeases counter;
  final long granted;

  /** What is left of {@link #granted} after parts of it were given back. */
  long kept;

  /** What requests under way hold. */
  long held;

  /** What requests that have ended took, settled or not. */
  long captured;

  /** What the bank has recorded of {@link #captured}. */
  long settled;

  /** From here on nobody is let in by it. */
  long deadlineNanos;

  /** How long it was given for. */
  final long validNanos;

  long lastTakenNanos;

  /** Nobody draws from it any more; it goes back when nothing holds it. */
  boolean closing;

  /** The bank knows it no more, or the request to release it is under way. */
  boolean gone;

  boolean recalled;
  boolean busy;

  Lease(long id, CounterLeases counter, long granted, long deadlineNanos, long now) {
    this.id = id;
    this.counter = counter;
    this.granted = granted;
    this.kept = granted;
    this.deadlineNanos = deadlineNanos;
    this.validNanos = deadlineNanos - now;
    this.lastTakenNanos = now;
  }

  boolean usable(long now) {
    return !closing && now - deadlineNanos < 0;
  }

  long free(long now) {
    return usable(now) ? kept - held - captured : 0;
  }

  void take(long amount, long now) {
    if (amount > free(now)) {
      throw new IllegalStateException(amount + " is not free in lease " + id);
    }
    held += amount;
    lastTakenNanos = now;
  }

  /** Whether nothing depends on it any more. */
  boolean settledUp() {
    return held == 0 && captured == settled;
  }
}

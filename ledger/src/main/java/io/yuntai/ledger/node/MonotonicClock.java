package io.yuntai.ledger.node;

/** A clock that only goes forward, as {@link System#nanoTime} does; its origin means nothing. */
@FunctionalInterface
public interface MonotonicClock {
  /** Nanoseconds. */
  long nanos();
}

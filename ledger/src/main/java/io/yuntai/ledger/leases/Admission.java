package io.yuntai.ledger.leases;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A request's wish to be let in, or to go on. It is decided by its {@link LeaseBook}; everything
 * but {@link #outcome} and {@link #await} belongs to that.
 */
public final class Admission {
  /** What the bank is asked for, in this order. */
  enum Phase {
    /** All that the request would like. */
    ALL,
    /** What it can't do without. */
    LEAST,
    /** Nothing more: the bank has not even that. */
    NOTHING
  }

  final Hold hold;
  final boolean extension;
  final long wantedTokens;
  final long leastTokens;
  final long beganNanos;

  Phase phase = Phase.ALL;

  /** The round of asking that was the last to begin before it asked, this time. */
  long askedAfterRound;

  /** For each counter the round whose answer it waits for; 0 for none. */
  final long[] rounds;

  /** When it found the bank's counters empty first; meaningful where {@link #exhausted}. */
  long exhaustedNanos;

  boolean exhausted;
  long askAgainNanos;

  private volatile @Nullable Outcome outcome;
  private volatile @Nullable Thread waiter;

  Admission(Hold hold, boolean extension, long wantedTokens, long leastTokens, long beganNanos) {
    this.hold = hold;
    this.extension = extension;
    this.wantedTokens = wantedTokens;
    this.leastTokens = leastTokens;
    this.beganNanos = beganNanos;
    this.rounds = new long[hold.counters.length];
  }

  /** What became of it; null while it waits. */
  public @Nullable Outcome outcome() {
    return outcome;
  }

  /** Waits until it is decided, or so long; null then. */
  public @Nullable Outcome await(Duration most) throws InterruptedException {
    waiter = Thread.currentThread();
    long until = System.nanoTime() + most.toNanos();
    Outcome decided = outcome;
    while (decided == null) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      decided = outcome;
    }
    return decided;
  }

  void decide(Outcome decided) {
    outcome = decided;
    LockSupport.unpark(waiter);
  }

  /** From the beginning: asks for all once more. */
  void startAsking(long lastRound) {
    askedAfterRound = lastRound;
    phase = Phase.ALL;
    Arrays.fill(rounds, 0);
  }
}

package io.yuntai.ledger.leases;

import io.yuntai.ledger.bank.Grant;
import java.util.ArrayList;
import java.util.List;

/** The leases of one counter, the oldest first, and how quickly they are used. */
final class CounterLeases {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  final long id;
  final List<Lease> leases = new ArrayList<>(2);

  /** Number of the last round of asking that has ended with an answer of this counter. */
  long roundDone;

  /** Number of the last round in which the bank had less than somebody could not do without. */
  long shortRound;

  /** Whether the last round brought no answer at all. */
  boolean unanswered;

  /** What the next round asks for; 0 while nobody wants anything. */
  long askWanted;

  long askLeast;
  long askNeeded;

  /** What the counter may come to in all, as the bank said last; negative before it said any. */
  long limit = -1;

  /** What nobody has used or leased of it, as far as is known here. */
  long leftInBank;

  /** How many admissions wait; while any does, the counter is kept. */
  int waiting;

  private final long spanNanos;
  private long spanBeganNanos;
  private long takenThisSpan;
  private long takenLastSpan;
  private long lastGranted;
  private long noRefillBeforeNanos;

  CounterLeases(long id, long spanNanos, long now) {
    this.id = id;
    this.spanNanos = spanNanos;
    this.spanBeganNanos = now;
    this.noRefillBeforeNanos = now;
  }

  long free(long now) {
    long free = 0;
    for (int i = 0; i < leases.size(); i++) {
      free = Saturating.add(free, leases.get(i).free(now));
    }
    return free;
  }

  /**
   * What is left of the counter: exact where no other gateway draws from it, and else as it was
   * when the bank was asked last.
   */
  long remaining() {
    long remaining = leftInBank;
    for (int i = 0; i < leases.size(); i++) {
      Lease lease = leases.get(i);
      remaining = Saturating.add(remaining, lease.kept - lease.held - lease.captured);
    }
    return remaining;
  }

  /** What requests hold, all together. */
  long held() {
    long held = 0;
    for (int i = 0; i < leases.size(); i++) {
      held = Saturating.add(held, leases.get(i).held);
    }
    return held;
  }

  void taken(long amount, long now) {
    roll(now);
    takenThisSpan = Saturating.add(takenThisSpan, amount);
  }

  /** What will be taken during a lease's life, by what was taken lately. */
  long demand(long now) {
    roll(now);
    long elapsed = Math.max(now - spanBeganNanos, NANOS_PER_SECOND);
    long seconds = Math.ceilDiv(spanNanos, elapsed);
    return Math.max(Saturating.multiply(takenThisSpan, seconds), takenLastSpan);
  }

  private void roll(long now) {
    if (now - spanBeganNanos >= spanNanos) {
      takenLastSpan = now - spanBeganNanos < 2 * spanNanos ? takenThisSpan : 0;
      takenThisSpan = 0;
      spanBeganNanos = now;
    }
  }

  /**
   * Asks for more; several wishes together ask for their sum, and take the smallest for an answer.
   */
  void want(long wanted, long least) {
    askNeeded = Math.max(askNeeded, least);
    askLeast = askWanted == 0 ? least : Math.min(askLeast, least);
    askWanted = Saturating.add(askWanted, wanted);
  }

  /**
   * Whether less than half of the last lease is left, and asking in advance has not just failed.
   */
  boolean wantsRefill(long now) {
    return askWanted == 0
        && lastGranted > 1
        && now - noRefillBeforeNanos >= 0
        && free(now) < lastGranted / 2;
  }

  void granted(Lease lease, Grant grant) {
    leases.add(lease);
    lastGranted = lease.granted;
    limit = grant.limit();
    leftInBank = grant.left();
  }

  /** So much of a lease went back. */
  void wentBack(long amount) {
    leftInBank = Saturating.add(leftInBank, amount);
  }

  /** The bank has less than this. */
  void hasLessThan(long least) {
    leftInBank = Math.min(leftInBank, Math.max(0, least - 1));
  }

  /** Nothing was to be had: asking in advance pauses. */
  void refused(long now, long pauseNanos) {
    noRefillBeforeNanos = now + pauseNanos;
  }

  boolean isIdle() {
    return leases.isEmpty() && askWanted == 0 && waiting == 0;
  }
}

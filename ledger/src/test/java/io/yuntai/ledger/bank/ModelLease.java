package io.yuntai.ledger.bank;

import java.time.Instant;

/** A lease of a {@link ModelBank}. */
public final class ModelLease {
  public final long id;
  public final ModelCounter counter;
  public final Node node;
  public final long granted;
  public long settled;
  public long returned;
  public boolean closed;
  public boolean recalled;
  public Instant expires;

  /** For whoever watches: what requests held of it when that was looked at last. */
  public long seenHeld;

  ModelLease(long id, ModelCounter counter, Node node, long granted, Instant expires) {
    this.id = id;
    this.counter = counter;
    this.node = node;
    this.granted = granted;
    this.expires = expires;
  }

  long left() {
    return granted - settled - returned;
  }
}

package io.yuntai.ledger.bank;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A counter of a {@link ModelBank}. */
public final class ModelCounter {
  public final long id;
  public final long org;
  public final String unit;
  public final boolean wallet;
  public final @Nullable Instant from;
  public final @Nullable Instant until;
  public long limit;
  public long wanted;
  public long settled;
  public long leased;
  public long late;

  ModelCounter(
      long id,
      long org,
      String unit,
      boolean wallet,
      @Nullable Instant from,
      @Nullable Instant until,
      long limit) {
    this.id = id;
    this.org = org;
    this.unit = unit;
    this.wallet = wallet;
    this.from = from;
    this.until = until;
    this.limit = limit;
    this.wanted = limit;
  }

  long left() {
    return limit - settled - leased;
  }

  void back(long amount) {
    leased -= amount;
    limit = Math.max(wanted, settled + leased);
  }
}

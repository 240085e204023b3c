package io.yuntai.server.testing;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.Settled;
import io.yuntai.ledger.bank.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Counters in memory, for one gateway. */
public final class MemoryBank implements Bank {
  private final Map<Long, Counter> counters = new HashMap<>();
  private final Map<Long, Lease> leases = new HashMap<>();
  private final Map<UUID, UsageRecord> usage = new LinkedHashMap<>();
  private final Map<UUID, EngineReceipt> receipts = new LinkedHashMap<>();
  private long lastLease;
  private boolean down;

  private static final class Counter {
    long limit;
    long settled;
    long leased;
  }

  private static final class Lease {
    long counter;
    long left;
  }

  /** A counter with so much in it. */
  public synchronized void limit(long counterId, long limit) {
    counters.computeIfAbsent(counterId, _ -> new Counter()).limit = limit;
  }

  /** What was used of a counter. */
  public synchronized long used(long counterId) {
    Counter counter = counters.get(counterId);
    return counter == null ? 0 : counter.settled;
  }

  /** What is settled. */
  public synchronized List<UsageRecord> usage() {
    return List.copyOf(usage.values());
  }

  /** What engines said. */
  public synchronized List<EngineReceipt> receipts() {
    return List.copyOf(receipts.values());
  }

  @Override
  public synchronized void keep(List<EngineReceipt> batch) {
    answer();
    batch.forEach(receipt -> receipts.put(receipt.requestId(), receipt));
  }

  /** Whether it answers. */
  public synchronized void down(boolean now) {
    down = now;
  }

  private void answer() {
    if (down) {
      throw new IllegalStateException("the bank is down");
    }
  }

  @Override
  public Node register(String name) {
    return new Node(1, 1);
  }

  @Override
  public synchronized List<Grant> grant(Node node, List<Ask> asks, Duration ttl) {
    answer();
    List<Grant> grants = new ArrayList<>();
    for (Ask ask : asks) {
      Counter counter = counters.get(ask.counterId());
      long left = counter == null ? 0 : counter.limit - counter.settled - counter.leased;
      if (counter != null && left >= ask.least()) {
        Lease lease = new Lease();
        lease.counter = ask.counterId();
        lease.left = Math.max(ask.least(), Math.min(ask.wanted(), left / 2));
        counter.leased += lease.left;
        leases.put(++lastLease, lease);
        grants.add(
            new Grant(
                lastLease,
                ask.counterId(),
                lease.left,
                ttl,
                counter.limit,
                counter.limit - counter.settled - counter.leased));
      }
    }
    return grants;
  }

  @Override
  public synchronized Settled settle(List<UsageRecord> batch) {
    answer();
    List<UUID> fresh = new ArrayList<>();
    List<UUID> known = new ArrayList<>();
    for (UsageRecord row : batch) {
      if (usage.putIfAbsent(row.requestId(), row) != null) {
        known.add(row.requestId());
        continue;
      }
      fresh.add(row.requestId());
      for (Draw draw : row.draws()) {
        Counter counter = Objects.requireNonNull(counters.get(draw.counterId()));
        Objects.requireNonNull(leases.get(draw.leaseId())).left -= draw.amount();
        counter.leased -= draw.amount();
        counter.settled += draw.amount();
      }
    }
    return new Settled(fresh, known, List.of());
  }

  @Override
  public synchronized void release(Node node, List<Long> leaseIds) {
    answer();
    for (long id : leaseIds) {
      Lease lease = Objects.requireNonNull(leases.get(id));
      Objects.requireNonNull(counters.get(lease.counter)).leased -= lease.left;
      lease.left = 0;
    }
  }

  @Override
  public List<Long> recalled(Node node) {
    return List.of();
  }

  @Override
  public List<Long> renew(Node node, List<Long> leaseIds, Duration ttl) {
    return leaseIds;
  }

  @Override
  public void shrink(Node node, List<Draw> kept) {}

  @Override
  public List<Long> inherited(Node node) {
    return List.of();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}

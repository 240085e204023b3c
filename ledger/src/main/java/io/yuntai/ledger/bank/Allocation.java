package io.yuntai.ledger.bank;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes what requests drew from what their leases have left. What a lease has no room for came too
 * late: it is the operator's loss, never the tenant's. Only what is charged is taken from a wallet.
 */
final class Allocation {
  /** What a lease is on, and how much of it is left; none when it is closed. */
  record Leased(long orgId, long counterId, boolean money, boolean wallet, long left) {}

  /** What became of a request's amount: charged + lost = its amount. */
  record Share(long charged, long lost) {}

  private final Map<Long, Leased> leases;
  private final Map<Long, Long> owners = new HashMap<>();
  private final Map<Long, Long> left = new HashMap<>();
  private final TreeMap<Long, Long> taken = new TreeMap<>();
  private final TreeMap<Long, CounterEntry> counters = new TreeMap<>();

  Allocation(Map<Long, Leased> leases) {
    this.leases = leases;
    leases.forEach((id, lease) -> {
      left.put(id, lease.left());
      owners.put(lease.counterId(), lease.orgId());
    });
  }

  /**
   * Takes a request's draws.
   *
   * @param prepaid whether it is paid from a wallet, so that what was not drawn there is lost
   */
  Share take(UsageRecord request, boolean prepaid) {
    Map<Long, Long> late = new HashMap<>();
    for (Draw draw : request.draws()) {
      Leased lease = lease(draw);
      if (!lease.wallet()) {
        long missing = take(draw, lease, draw.amount());
        if (lease.money() && missing > 0) {
          late.merge(lease.counterId(), missing, Math::addExact);
        }
      }
    }
    long worst = late.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long charged = Math.max(0, request.amountNano() - worst);
    long paid = payFromWallet(request.draws(), charged);
    if (prepaid) {
      charged = paid;
    }
    return new Share(charged, request.amountNano() - charged);
  }

  private long payFromWallet(List<Draw> draws, long charged) {
    long paid = 0;
    for (Draw draw : draws) {
      Leased lease = lease(draw);
      if (lease.wallet()) {
        long due = Math.min(draw.amount(), charged - paid);
        paid += due - take(draw, lease, due);
      }
    }
    return paid;
  }

  /**
   * Takes what is there of the due; the rest of the draw is noted as late. Returns what is missing
   * of the due.
   */
  private long take(Draw draw, Leased lease, long due) {
    long room = left.getOrDefault(draw.leaseId(), 0L);
    long applied = Math.min(due, room);
    left.put(draw.leaseId(), room - applied);
    if (applied > 0) {
      taken.merge(draw.leaseId(), applied, Math::addExact);
    }
    if (draw.amount() > 0) {
      counters.merge(
          lease.counterId(),
          new CounterEntry(lease.counterId(), applied, draw.amount() - applied),
          (a, b) ->
              new CounterEntry(
                  a.counterId(),
                  Math.addExact(a.amount(), b.amount()),
                  Math.addExact(a.late(), b.late())));
    }
    return due - applied;
  }

  private Leased lease(Draw draw) {
    Leased lease = leases.get(draw.leaseId());
    if (lease == null) {
      throw new IllegalStateException("lease " + draw.leaseId() + " was not read");
    }
    return lease;
  }

  /** How much was taken from each lease, by its id. */
  Map<Long, Long> taken() {
    return taken;
  }

  /** What counters get to know, of an organisation, by counter id. */
  List<CounterEntry> counters(long orgId) {
    return counters.values().stream()
        .filter(counter -> owners.getOrDefault(counter.counterId(), 0L) == orgId)
        .toList();
  }
}

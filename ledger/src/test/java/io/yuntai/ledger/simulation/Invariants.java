package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.ModelCounter;
import io.yuntai.ledger.bank.ModelLease;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.LeaseUpkeep;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.prices.MeteredTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What must hold, by its number in the design. */
final class Invariants {
  /** Drift, and the way of a message, of which only the half is known. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMillis(150);

  /** Whoever waits has asked again within this time. */
  private static final long ASKED_AGAIN_NANOS = 250 * World.MILLI;

  /** Others' leases are recalled and come back within this time. */
  private static final long RECALL_NANOS = 600 * World.MILLI;

  private final World world;

  /** What requests held of leases at the step before. */
  private final Map<Long, Long> held = new HashMap<>();

  private final Map<Long, Long> roomSince = new HashMap<>();
  private Map<Long, Unused> unused = Map.of();

  private long seenLease;

  /** Those before it are closed, and stay so. */
  private long firstOpen;

  Invariants(World world) {
    this.world = world;
  }

  /** After every step. */
  void always() {
    Map<Long, Long> open = new HashMap<>();
    long first = Long.MAX_VALUE;
    for (ModelLease lease : world.model.leases().tailMap(firstOpen, true).values()) {
      long left = lease.granted - lease.settled - lease.returned;
      require(left >= 0 && lease.returned >= 0, "I2: lease " + lease.id + " gave more than it had");
      if (!lease.closed) {
        first = Math.min(first, lease.id);
        open.merge(lease.counter.id, left, Long::sum);
        require(
            lease.counter.settled + lease.counter.leased <= lease.counter.limit,
            "I1: counter " + lease.counter.id + " is overspent");
        require(
            lease.counter.settled >= 0 && lease.counter.leased >= 0,
            "I1: counter " + lease.counter.id + " is below zero");
      } else {
        require(left == 0, "I2: closed lease " + lease.id + " still has " + left);
      }
    }
    open.forEach((id, left) ->
        require(world.model.counter(id).leased == left, "I2: counter " + id + " leased"));
    firstOpen = first == Long.MAX_VALUE ? firstOpen : first;
    onlyToLiving();
    Map<Long, Unused> still = new HashMap<>();
    for (SimGateway gateway : world.gateways) {
      GatewayNode node = gateway.node;
      if (node != null) {
        for (LeaseUpkeep.View view : node.leases()) {
          onNode(view);
          roomInLease(view, still);
        }
      }
    }
    if (world.isCalm()) {
      unused = still;
      roomInTheBank();
    }
  }

  private void onlyToLiving() {
    for (ModelLease lease : world.model.leasesAfter(seenLease)) {
      seenLease = lease.id;
      require(
          lease.node.epoch() == world.model.epoch(lease.node.id()),
          "I17: a lease for an earlier life of gateway " + lease.node);
    }
  }

  /** Since when the bank itself has had room for any request. */
  private void roomInTheBank() {
    for (PlannedCounter planned : world.plan(World.BEGIN.plusNanos(world.now)).counters()) {
      ModelCounter counter = world.model.counter(planned.counterId());
      if (counter.limit - counter.settled - counter.leased >= world.least(planned.unit())) {
        roomSince.putIfAbsent(counter.id, world.now);
      } else {
        roomSince.remove(counter.id);
      }
    }
  }

  /** Since when a gateway has had room in a lease that its own requests do not need. */
  private void roomInLease(LeaseUpkeep.View view, Map<Long, Unused> still) {
    long free = view.kept() - view.held() - view.captured();
    Unused before = unused.get(view.leaseId());
    if (before != null && before.held == view.held() && before.free == free) {
      still.put(view.leaseId(), before);
    } else {
      still.put(view.leaseId(), new Unused(view.counterId(), view.held(), free, world.now));
    }
  }

  private record Unused(long counterId, long held, long free, long since) {}

  /** A request is refused because of this counter. */
  void refused(PlannedCounter counter) {
    if (counter.unit() == Unit.PARALLEL) {
      return; // what others have given back a moment later proves nothing
    }
    long id = counter.counterId();
    Long since = roomSince.get(id);
    require(
        since == null || world.now - since < ASKED_AGAIN_NANOS,
        "I19: refused by counter " + id + " which has room for it");
    for (Unused lease : unused.values()) {
      require(
          !world.isCalm()
              || lease.counterId != id
              || lease.free < world.least(counter.unit())
              || world.now - lease.since < RECALL_NANOS,
          "I19: refused by counter " + id + " of which a gateway keeps what it does not use");
    }
  }

  /** What a gateway takes for the time at which it lets a request in. */
  void toldTheTime(Instant told) {
    Duration off = Duration.between(World.BEGIN.plusNanos(world.now), told).abs();
    require(off.compareTo(CLOCK_TOLERANCE) <= 0, "I15: a gateway's clock is off by " + off);
  }

  private void onNode(LeaseUpkeep.View view) {
    require(
        view.held() >= 0
            && view.settled() <= view.captured()
            && view.held() + view.captured() <= view.kept(),
        "I3: " + view);
    ModelLease lease = world.model.leases().get(view.leaseId());
    require(
        lease != null
            && lease.counter.id == view.counterId()
            && (lease.closed || view.held() + view.captured() <= lease.granted - lease.returned),
        "I3: the bank knows another lease than " + view);
    Long before = held.put(view.leaseId(), view.held());
    require(
        lease == null || !lease.closed || view.held() <= (before == null ? 0 : before),
        "I17: let in by a lease that the bank has closed: " + view);
  }

  /** When everything is settled. */
  void atTheEnd() {
    require(world.model.quarantined() == 0, "a record is kept aside");
    Map<Long, Long> drawn = new HashMap<>();
    for (UsageRecord row : world.model.usage().values()) {
      Client client = world.begun.get(row.requestId());
      require(client != null, "I6: a row of nobody's request");
      if (client != null) {
        paid(row, client);
      }
      witnessed(row);
      for (Draw draw : row.draws()) {
        drawn.merge(draw.counterId(), draw.amount(), Long::sum);
        ModelCounter counter = world.model.counter(draw.counterId());
        require(
            counter.from == null
                || counter.until == null
                || (!row.at().isBefore(counter.from) && row.at().isBefore(counter.until)),
            "I15: drawn from a window that is not that of " + row);
      }
      require(row.amountNano() == world.nano(row.tokens()), "I4: not the exact price: " + row);
      long money = 0;
      for (Draw draw : row.draws()) {
        money += draw.counterId() == 1 ? draw.amount() : 0;
      }
      require(money == row.amountNano(), "I4: the counter bears " + money + " of " + row);
    }
    drawn.forEach((id, amount) -> {
      ModelCounter counter = world.model.counter(id);
      require(counter.settled + counter.late == amount, "I2: counter " + id + " of draws");
      require(counter.leased == 0, "I20: counter " + id + " is not given back");
      world.counts.merge("operator's loss", counter.late, Long::sum);
    });
    world.begun.forEach((id, client) -> {
      boolean written = !client.lostPower && !world.counts.containsKey("disk full");
      boolean owes = client.complete || (client.received.generated() > 1 && written);
      require(!owes || world.row(id) != null, "I6: a request is lost: " + id);
    });
  }

  /**
   * An engine that died with its gateway has no last word; what failed then is on the safe side.
   */
  private void witnessed(UsageRecord row) {
    EngineReceipt receipt = world.model.receipts().get(row.requestId());
    require(
        receipt != null || row.status() == UsageStatus.FAILED, "I7: nobody else knows of " + row);
    require(
        receipt == null || row.tokens().generated() <= receipt.tokens().generated(),
        "I7: " + row + " against " + receipt);
  }

  private void paid(UsageRecord row, Client client) {
    MeteredTokens received = client.received;
    long paid = row.tokens().generated();
    require(paid <= received.generated(), "I6: charged for more than was received: " + row);
    if (client.complete || !client.lost) {
      require(row.tokens().equals(received), "I6: " + row + " but received " + received);
    } else if (!client.lostPower && !world.counts.containsKey("disk full")) {
      // What was sent last may not have been written down when the process was killed.
      require(paid >= client.written(), "I6: " + row + " but received " + received);
    }
  }

  void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}

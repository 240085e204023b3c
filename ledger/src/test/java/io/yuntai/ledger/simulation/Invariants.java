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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What must hold, by its number in the design. */
final class Invariants {
  /** Drift, and the way of a message, of which only the half is known. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMillis(150);

  /** Whoever waits has asked again within this time. */
  private static final long ASKED_AGAIN_NANOS = 250 * World.MILLI;

  /** Others' leases are recalled and come back within this time. */
  private static final long RECALL_NANOS = 600 * World.MILLI;

  private final World world;

  private final Map<Long, Long> roomSince = new HashMap<>();
  private final Map<SimGateway, Map<Long, Unused>> unused = new HashMap<>();

  private long seenLease;

  Invariants(World world) {
    this.world = world;
  }

  /**
   * After every step: what it may have changed. What a gateway's leases are compared with is the
   * bank's, so all gateways are looked at when the bank was asked something.
   */
  void always() {
    boolean bank = world.bankTouched;
    if (bank) {
      inTheBank();
    }
    for (SimGateway gateway : world.gateways) {
      GatewayNode node = gateway.node;
      if (node == null) {
        unused.remove(gateway);
      } else if (bank || gateway.touched) {
        List<LeaseUpkeep.View> views = node.leases();
        views.forEach(this::onNode);
        if (world.isCalm()) {
          roomInLeases(gateway, views);
        }
      }
      gateway.touched = false;
    }
    if (world.isCalm()) {
      roomInTheBank();
    }
  }

  private void inTheBank() {
    for (ModelLease lease : world.model.takeTouched()) {
      long left = lease.granted - lease.settled - lease.returned;
      require(left >= 0 && lease.returned >= 0, () -> "I2: lease " + lease.id + " gave too much");
      require(
          !lease.closed || left == 0, () -> "I2: closed lease " + lease.id + " still has " + left);
    }
    Map<ModelCounter, Long> open = new HashMap<>();
    for (ModelLease lease : world.model.openLeases()) {
      open.merge(lease.counter, lease.granted - lease.settled - lease.returned, Long::sum);
    }
    for (ModelCounter counter : world.model.counters()) {
      long left = open.getOrDefault(counter, 0L);
      require(counter.leased == left, () -> "I2: counter " + counter.id + " leased");
      require(
          counter.settled + counter.leased <= counter.limit,
          () -> "I1: counter " + counter.id + " is overspent");
      require(
          counter.settled >= 0 && counter.leased >= 0,
          () -> "I1: counter " + counter.id + " is below zero");
    }
    onlyToLiving();
  }

  private void onlyToLiving() {
    for (ModelLease lease : world.model.leasesAfter(seenLease)) {
      seenLease = lease.id;
      require(
          lease.node.epoch() == world.model.epoch(lease.node.id()),
          () -> "I17: a lease for an earlier life of gateway " + lease.node);
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

  /** Since when a gateway has had room in its leases that its own requests do not need. */
  private void roomInLeases(SimGateway gateway, List<LeaseUpkeep.View> views) {
    Map<Long, Unused> before = unused.getOrDefault(gateway, Map.of());
    Map<Long, Unused> still = new HashMap<>();
    for (LeaseUpkeep.View view : views) {
      long free = view.kept() - view.held() - view.captured();
      Unused was = before.get(view.leaseId());
      boolean same = was != null && was.held == view.held() && was.free == free;
      still.put(
          view.leaseId(),
          was != null && same ? was : new Unused(view.counterId(), view.held(), free, world.now));
    }
    unused.put(gateway, still);
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
        () -> "I19: refused by counter " + id + " which has room for it");
    for (Map<Long, Unused> ofGateway : unused.values()) {
      for (Unused lease : ofGateway.values()) {
        require(
            lease.counterId != id
                || lease.free < world.least(counter.unit())
                || world.now - lease.since < RECALL_NANOS,
            () ->
                "I19: refused by counter " + id + " of which a gateway keeps what it does not use");
      }
    }
  }

  /** What a gateway takes for the time at which it lets a request in. */
  void toldTheTime(Instant told) {
    Duration off = Duration.between(World.BEGIN.plusNanos(world.now), told).abs();
    require(off.compareTo(CLOCK_TOLERANCE) <= 0, () -> "I15: a gateway's clock is off by " + off);
  }

  private void onNode(LeaseUpkeep.View view) {
    require(
        view.held() >= 0
            && view.settled() <= view.captured()
            && view.held() + view.captured() <= view.kept(),
        () -> "I3: " + view);
    ModelLease lease = world.model.leases().get(view.leaseId());
    require(
        lease != null
            && lease.counter.id == view.counterId()
            && (lease.closed || view.held() + view.captured() <= lease.granted - lease.returned),
        () -> "I3: the bank knows another lease than " + view);
    if (lease != null) {
      require(
          !lease.closed || view.held() <= lease.seenHeld,
          () -> "I17: let in by a lease that the bank has closed: " + view);
      lease.seenHeld = view.held();
    }
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
            () -> "I15: drawn from a window that is not that of " + row);
      }
      require(
          row.amountNano() == world.nano(row.tokens()), () -> "I4: not the exact price: " + row);
      long money =
          row.draws().stream().filter(draw -> draw.counterId() == 1).mapToLong(Draw::amount).sum();
      require(money == row.amountNano(), () -> "I4: the counter bears " + money + " of " + row);
    }
    drawn.forEach((id, amount) -> {
      ModelCounter counter = world.model.counter(id);
      require(counter.settled + counter.late == amount, () -> "I2: counter " + id + " of draws");
      require(counter.leased == 0, () -> "I20: counter " + id + " is not given back");
      world.counts.merge("operator's loss", counter.late, Long::sum);
    });
    world.begun.forEach((id, client) -> {
      boolean written = !client.lostPower && !world.counts.containsKey("disk full");
      boolean owes = client.complete || (client.received.generated() > 1 && written);
      require(!owes || world.row(id) != null, () -> "I6: a request is lost: " + id);
    });
  }

  /**
   * An engine that died with its gateway has no last word; what failed then is on the safe side.
   */
  private void witnessed(UsageRecord row) {
    EngineReceipt receipt = world.model.receipts().get(row.requestId());
    require(
        receipt != null || row.status() == UsageStatus.FAILED,
        () -> "I7: nobody else knows of " + row);
    require(
        receipt == null || row.tokens().generated() <= receipt.tokens().generated(),
        () -> "I7: " + row + " against " + receipt);
  }

  private void paid(UsageRecord row, Client client) {
    MeteredTokens received = client.received;
    long paid = row.tokens().generated();
    require(paid <= received.generated(), () -> "I6: charged for more than was received: " + row);
    if (client.complete || !client.lost) {
      require(row.tokens().equals(received), () -> "I6: " + row + " but received " + received);
    } else if (!client.lostPower && !world.counts.containsKey("disk full")) {
      // What was sent last may not have been written down when the process was killed.
      require(paid >= client.written(), () -> "I6: " + row + " but received " + received);
    }
  }

  void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** Where words would be made for every step. */
  private static void require(boolean holds, Supplier<String> what) {
    if (!holds) {
      throw new AssertionError(what.get());
    }
  }
}

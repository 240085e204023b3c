package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.leases.LeaseUpkeep;
import io.yuntai.ledger.prices.MeteredTokens;
import java.util.HashMap;
import java.util.Map;

/** What must hold, by its number in the design. */
final class Invariants {
  private final World world;

  Invariants(World world) {
    this.world = world;
  }

  /** After every step. */
  void always() {
    Map<Long, Long> open = new HashMap<>();
    for (ModelBank.Lease lease : world.model.leases().values()) {
      long left = lease.granted - lease.settled - lease.returned;
      require(left >= 0 && lease.returned >= 0, "I2: lease " + lease.id + " gave more than it had");
      if (!lease.closed) {
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
    for (SimGateway gateway : world.gateways) {
      if (gateway.node != null) {
        gateway.node.leases().forEach(this::onNode);
      }
    }
  }

  private void onNode(LeaseUpkeep.View view) {
    require(
        view.held() >= 0
            && view.settled() <= view.captured()
            && view.held() + view.captured() <= view.kept(),
        "I3: " + view);
    ModelBank.Lease lease = world.model.leases().get(view.leaseId());
    require(
        lease != null && (lease.closed || view.kept() <= lease.granted),
        "I3: the bank knows another lease than " + view);
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
      for (Draw draw : row.draws()) {
        drawn.merge(draw.counterId(), draw.amount(), Long::sum);
      }
      require(row.amountNano() == world.nano(row.tokens()), "I4: not the exact price: " + row);
      long money = 0;
      for (Draw draw : row.draws()) {
        money += draw.counterId() == 1 ? draw.amount() : 0;
      }
      require(money == row.amountNano(), "I4: the counter bears " + money + " of " + row);
    }
    drawn.forEach((id, amount) -> {
      ModelBank.Counter counter = world.model.counter(id);
      require(counter.settled + counter.late == amount, "I2: counter " + id + " of draws");
      require(counter.leased == 0, "I20: counter " + id + " is not given back");
      world.counts.merge("operator's loss", counter.late, Long::sum);
    });
    world.begun.forEach((id, client) -> {
      boolean owes = client.complete || (client.received.generated() > 1 && !client.lost);
      require(!owes || world.row(id) != null, "I6: a request is lost: " + id);
    });
  }

  private void paid(UsageRecord row, Client client) {
    MeteredTokens received = client.received;
    long paid = row.tokens().generated();
    require(paid <= received.generated(), "I6: charged for more than was received: " + row);
    if (client.complete || !client.lost) {
      require(row.tokens().equals(received), "I6: " + row + " but received " + received);
    } else if (!client.lostPower && !world.counts.containsKey("disk full")) {
      // What was sent last may not have been written down when the process was killed.
      require(paid >= received.generated() - 1, "I6: " + row + " but received " + received);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}

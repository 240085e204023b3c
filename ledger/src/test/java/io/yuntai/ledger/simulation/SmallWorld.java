package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.bank.ModelCounter;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.FailMode;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.LeaseSettings;
import io.yuntai.ledger.leases.LeaseUpkeep;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.node.Errand;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.NodeSettings;
import io.yuntai.ledger.node.OpenRequest;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two gateways, two counters and three requests, of which the money pays two. At every step it says
 * what may happen next, the usual first; whoever runs it chooses. The same choices make the same
 * world.
 */
final class SmallWorld {
  private static final Instant BEGIN = Instant.parse("2026-11-23T00:00:00Z");
  private static final int OUTPUT = 2;
  private static final Rates RATES =
      new Rates(
          List.of(
              new Rates.Tier(
                  Long.MAX_VALUE, 1_000_333, 1_000_333, 1_000_333, 3_000_999, 3_000_999)));
  private static final long COST = RATES.holdNano(1, OUTPUT);
  private static final NodeSettings SETTINGS =
      new NodeSettings(
          new LeaseSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(3),
              Duration.ofMillis(100),
              Duration.ofMillis(400),
              Duration.ofSeconds(2),
              Duration.ofSeconds(1),
              16),
          10,
          Duration.ofMillis(20),
          100,
          Duration.ofMillis(200),
          Duration.ofMillis(100));
  private static final long TICK_NANOS = 25_000_000;
  private static final int MOST_TICKS = 4_000;

  /** Something that may happen. */
  record Action(String name, Runnable run) {}

  private final ModelBank bank;
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private long now;
  private int ticks;
  private int faultsLeft;

  /**
   * @param faults how many kills and lost messages may happen
   */
  SmallWorld(int faults) {
    this.faultsLeft = faults;
    this.bank =
        new ModelBank(
            () -> BEGIN.plusNanos(now),
            new BankOptions(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(1)));
    bank.org(1, false);
    bank.counter(1, 1, "money", false, null, null, 2 * COST + COST / 10);
    bank.counter(2, 1, "requests", false, null, null, 100);
    for (int i = 0; i < 2; i++) {
      Gateway gateway = new Gateway(i);
      gateways.add(gateway);
      gateway.start();
    }
    for (int i = 0; i < 3; i++) {
      requests.add(new Request(gateways.get(i % 2)));
    }
  }

  /** What may happen now, the usual first; empty when everything has come to its end. */
  List<Action> actions() {
    List<Action> usual = new ArrayList<>();
    gateways.forEach(gateway -> gateway.usual(usual));
    requests.forEach(request -> request.usual(usual));
    if (usual.isEmpty()) {
      if (isOver()) {
        return List.of();
      }
      usual.add(new Action("time goes by", this::tick));
    }
    if (faultsLeft > 0 && somethingIsAtStake()) {
      gateways.forEach(gateway -> gateway.unusual(usual));
      usual.add(new Action("leases expire", () -> now += Duration.ofSeconds(11).toNanos()));
    }
    return usual;
  }

  private boolean somethingIsAtStake() {
    return requests.stream().anyMatch(request -> !request.over)
        || gateways.stream().anyMatch(g -> g.node == null || g.node.backlog() > 0);
  }

  private void tick() {
    now += TICK_NANOS;
    if (++ticks > MOST_TICKS) {
      throw new AssertionError("I20: not everything came to its end: " + requests);
    }
    if (ticks % 40 == 0) {
      bank.reap();
    }
    if (requests.stream().allMatch(request -> request.over)) {
      gateways.forEach(gateway -> {
        if (gateway.node != null) {
          gateway.node.stopTaking();
        }
      });
    }
  }

  private boolean isOver() {
    return requests.stream().allMatch(request -> request.over)
        && gateways.stream().allMatch(gateway -> gateway.node != null && gateway.node.isDone())
        && bank.leases().values().stream().allMatch(lease -> lease.closed);
  }

  /** What must hold after every step. */
  void check() {
    for (long id = 1; id <= 2; id++) {
      ModelCounter counter = bank.counter(id);
      require(counter.settled + counter.leased <= counter.limit, "I1: overspent");
      long left =
          bank.leases().values().stream()
              .filter(lease -> !lease.closed && lease.counter == counter)
              .mapToLong(lease -> lease.granted - lease.settled - lease.returned)
              .sum();
      require(counter.leased == left, "I2: leased");
    }
    for (Gateway gateway : gateways) {
      if (gateway.node != null) {
        for (LeaseUpkeep.View view : gateway.node.leases()) {
          require(view.held() >= 0 && view.held() + view.captured() <= view.kept(), "I3: " + view);
        }
      }
    }
  }

  /** What must hold at the end. */
  void checkEnd() {
    require(bank.quarantined() == 0, "a record is kept aside");
    long money = 0;
    for (UsageRecord row : bank.usage().values()) {
      money += row.amountNano();
      require(row.amountNano() == RATES.charge(row.tokens()).amountNano(), "I4: " + row);
      require(
          requests.stream().filter(request -> row.requestId().equals(request.id())).count() == 1,
          "I5: a row of nobody's request");
    }
    ModelCounter wallet = bank.counter(1);
    require(wallet.settled + wallet.late == money, "I4: the counter bears another amount");
    for (Request request : requests) {
      UsageRecord row = request.id() == null ? null : bank.usage().get(request.id());
      if (request.complete) {
        require(row != null && row.tokens().output() == OUTPUT, "I6: lost or short: " + row);
      }
      require(
          row == null || row.tokens().output() <= request.received,
          "I6: charged for more than was received: " + row);
    }
  }

  /** How many were served to their end. */
  long served() {
    return requests.stream().filter(request -> request.complete).count();
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private final class Gateway {
    final int number;
    final SimDisk disk = new SimDisk(new SplittableRandom(1));
    final Map<Errand.Kind, InFlight<?>> errands = new EnumMap<>(Errand.Kind.class);
    @Nullable GatewayNode node;
    int life;

    Gateway(int number) {
      this.number = number;
    }

    void start() {
      life++;
      node =
          new GatewayNode(
              bank.register("gateway-" + number),
              Journal.open(disk, new JournalSettings(1 << 14, 6)),
              SETTINGS,
              () -> now,
              BEGIN.plusNanos(now),
              new SplittableRandom(10L * number + life));
    }

    void usual(List<Action> actions) {
      GatewayNode running = node;
      if (running == null) {
        actions.add(new Action("start " + number, this::start));
        return;
      }
      if (running.needsForce()) {
        actions.add(new Action("force " + number, () -> mayDie(running::force)));
      }
      for (Errand.Kind kind : Errand.Kind.values()) {
        if (!errands.containsKey(kind)) {
          Errand<?> errand = running.errand(kind);
          if (errand != null) {
            errands.put(kind, new InFlight<>(errand));
          }
        }
        InFlight<?> flight = errands.get(kind);
        if (flight != null) {
          actions.add(
              new Action(
                  kind + " " + number + (flight.asked ? " answered" : " asked"),
                  () -> {
                    if (flight.step()) {
                      errands.remove(kind);
                    }
                  }));
        }
      }
    }

    void unusual(List<Action> actions) {
      if (node == null) {
        return;
      }
      actions.add(new Action("kill " + number, () -> die(false)));
      actions.add(new Action("power cut " + number, () -> die(true)));
      for (int write = 0; write < 2; write++) {
        int before = write;
        actions.add(
            new Action(
                "kill " + number + " at its write " + before,
                () -> {
                  faultsLeft--;
                  disk.killIn = before;
                }));
      }
      errands.forEach((kind, flight) ->
          actions.add(
              new Action(
                  kind + " " + number + (flight.asked ? " answer lost" : " question lost"),
                  () -> {
                    faultsLeft--;
                    errands.remove(kind);
                    flight.errand.failed().accept(new IllegalStateException("lost"));
                  })));
    }

    void mayDie(Runnable run) {
      try {
        run.run();
      } catch (SimDisk.Killed killed) {
        faultsLeft++; // it was counted when it was armed
        die(false);
      }
    }

    private void die(boolean power) {
      faultsLeft--;
      node = null;
      errands.clear();
      disk.crash(power);
      requests.forEach(request -> request.lost(this));
    }
  }

  /** An errand that is under way; what it asks may have been done before its answer comes. */
  private final class InFlight<T> {
    final Errand<T> errand;
    boolean asked;
    private Runnable answer = () -> {};

    InFlight(Errand<T> errand) {
      this.errand = errand;
    }

    /** Whether it is over. */
    boolean step() {
      if (asked) {
        answer.run();
        return true;
      }
      asked = true;
      try {
        T answered = errand.question().apply(bank);
        answer = () -> errand.answered().accept(answered);
      } catch (RuntimeException refused) {
        answer = () -> errand.failed().accept(refused);
      }
      return false;
    }
  }

  private static final class Request {
    private final Gateway gateway;
    private int life;
    private @Nullable Admission admission;
    private @Nullable TokenMeter meter;
    private Instant at = BEGIN;
    private int generated;
    private long place = -1;
    int received;
    boolean over;
    boolean complete;

    Request(Gateway gateway) {
      this.gateway = gateway;
    }

    @Nullable UUID id() {
      TokenMeter open = meter;
      return open == null ? null : open.request().id();
    }

    private RequestPlan plan() {
      return new RequestPlan(
          1,
          1,
          0,
          1,
          List.of(
              new PlannedCounter(1, Unit.MONEY, Instant.MAX, "money"),
              new PlannedCounter(2, Unit.REQUESTS, Instant.MAX, "requests")),
          1,
          FailMode.CLOSED,
          Instant.MAX);
    }

    void usual(List<Action> actions) {
      GatewayNode node = gateway.node;
      if (over || node == null) {
        return;
      }
      Admission waiting = admission;
      TokenMeter open = meter;
      if (waiting == null && open == null) {
        actions.add(new Action("ask", () -> admit(node)));
      } else if (open == null && waiting != null && waiting.outcome() != null) {
        actions.add(new Action("decided", () -> decided(node, waiting)));
      } else if (open != null && place < 0) {
        actions.add(new Action("token", () -> gateway.mayDie(() -> token(open))));
      } else if (open != null && node.isForced(place)) {
        actions.add(
            new Action(
                "last chunk",
                () -> {
                  complete = true;
                  over = true;
                }));
      }
    }

    private void admit(GatewayNode node) {
      life = gateway.life;
      at = node.now();
      admission =
          node.admit(
              plan(),
              (unit, output) -> unit == Unit.MONEY ? RATES.holdNano(1, output) : 1,
              OUTPUT,
              OUTPUT);
    }

    private void decided(GatewayNode node, Admission decided) {
      if (decided.outcome() instanceof Outcome.Held(var hold)) {
        OpenRequest request = node.begin(plan(), "m", ServiceClass.REALTIME, RATES, at, hold);
        meter = new TokenMeter(request, new MeteredTokens(1, 0, 0, 0, 0), OUTPUT, OUTPUT);
      } else {
        over = true;
      }
    }

    private void token(TokenMeter open) {
      open.flushed();
      if (generated == OUTPUT) {
        place = open.completed(UsageStatus.COMPLETED, open.handedOut());
        return;
      }
      generated++;
      require(open.step(generated) == TokenMeter.Step.PASS, "it holds too little");
      open.handedOut(new MeteredTokens(1, 0, 0, generated, 0));
      received = generated;
    }

    void lost(Gateway dead) {
      if (gateway == dead && (admission != null || meter != null)) {
        over = true;
      }
    }

    @Override
    public String toString() {
      return "request of life " + life + ", " + generated + " tokens, over " + over;
    }
  }
}

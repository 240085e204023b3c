package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.FailMode;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gateways, clients and a bank, in virtual time. */
final class World {
  static final Instant BEGIN = Instant.parse("2026-11-23T00:00:00Z");
  static final Duration WINDOW = Duration.ofSeconds(40);
  static final long MILLI = 1_000_000;
  private static final int WINDOWS = 40;
  private static final Rates STANDARD =
      new Rates(
          List.of(
              new Rates.Tier(40, 1_000_333, 100_111, 1_250_777, 3_000_999, 3_500_001),
              new Rates.Tier(Long.MAX_VALUE, 2_000_333, 200_111, 2_250_777, 6_000_999, 6_500_001)));

  /** What is held is what is charged, to the last nano: nothing hides a hold that is too small. */
  private static final Rates TIGHT =
      new Rates(
          List.of(
              new Rates.Tier(Long.MAX_VALUE, 1_000_333, 100_111, 1_000_333, 3_000_999, 3_000_999)));

  /** Of a world of size 1. */
  static final int REQUESTS = 150;

  final SplittableRandom random;
  final int size;
  final Faults faults;
  final Mutant mutant;
  final ModelBank model;
  final Bank bank;
  final Rates rates;
  final List<SimGateway> gateways = new ArrayList<>();
  final Map<UUID, Client> begun = new HashMap<>();
  final Map<String, Long> counts = new HashMap<>();
  final Invariants invariants;
  long now;

  /** Whether the bank was asked anything since invariants were looked at. */
  boolean bankTouched = true;

  private final @Nullable RequestPlan[] plans = new @Nullable RequestPlan[WINDOWS];
  private final Queue<Event> events = new PriorityQueue<>();
  private long sequence;
  private long outageEnds;
  private boolean healed;

  private record Event(long at, long sequence, Runnable run) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  /**
   * @param limit of money in a window, for each part of {@code size}
   * @param size how many times {@link #REQUESTS} will come
   */
  World(long seed, int gatewayCount, Faults faults, Mutant mutant, long limit, int size) {
    this.random = new SplittableRandom(seed);
    this.size = size;
    this.faults = faults;
    this.mutant = mutant;
    this.rates = seed % 2 == 0 ? TIGHT : STANDARD;
    this.model =
        new ModelBank(
            () -> BEGIN.plusNanos(now),
            new BankOptions(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(1)));
    this.bank = mutant.of(model);
    model.org(1, false);
    model.counter(1, 1, "money", false, null, null, 5 * limit * size);
    model.counter(2, 1, "tokens", false, null, null, limit / 1000 * size);
    model.counter(3, 1, "parallel", false, null, null, 12);
    model.counter(4, 1, "requests", false, null, null, 400L * size);
    for (int i = 0; i < WINDOWS; i++) {
      Instant from = BEGIN.plus(WINDOW.multipliedBy(i));
      model.counter(100 + i, 1, "money", false, from, from.plus(WINDOW), limit * size);
    }
    for (int i = 0; i < gatewayCount; i++) {
      gateways.add(new SimGateway(this, i));
    }
    this.invariants = new Invariants(this);
  }

  /** Whether nothing goes wrong in this world but what a mutant does. */
  boolean isCalm() {
    return faults.equals(Faults.NONE);
  }

  boolean bankIsDown() {
    return now < outageEnds && !healed;
  }

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  boolean chance(int thousandths) {
    return thousandths > 0 && random.nextInt(1000) < thousandths;
  }

  boolean rarely(int hundredThousandths) {
    return hundredThousandths > 0 && random.nextInt(100_000) < hundredThousandths;
  }

  void in(long nanos, Runnable run) {
    events.add(new Event(now + nanos, sequence++, run));
  }

  /** What a key's requests draw from at this instant. */
  RequestPlan plan(Instant at) {
    long window =
        Math.clamp(
            Duration.between(BEGIN, at).dividedBy(WINDOW) + mutant.windowsAhead(), 0, WINDOWS - 1);
    RequestPlan known = plans[(int) window];
    if (known != null) {
      return known;
    }
    List<PlannedCounter> counters = new ArrayList<>();
    counters.add(new PlannedCounter(1, Unit.MONEY, Instant.MAX, "org"));
    counters.add(new PlannedCounter(2, Unit.TOKENS, Instant.MAX, "tokens"));
    counters.add(new PlannedCounter(3, Unit.PARALLEL, Instant.MAX, "at once"));
    counters.add(new PlannedCounter(4, Unit.REQUESTS, Instant.MAX, "requests"));
    counters.add(
        new PlannedCounter(
            100 + window, Unit.MONEY, BEGIN.plus(WINDOW.multipliedBy(window + 1)), "window"));
    RequestPlan plan = new RequestPlan(1, 1, 0, 1, counters, 1, FailMode.CLOSED, Instant.MAX);
    plans[(int) window] = plan;
    return plan;
  }

  Need need(long inputTokens) {
    Need right =
        (unit, output) ->
            switch (unit) {
              case MONEY -> rates.holdNano(inputTokens, output);
              case TOKENS -> inputTokens + output;
              case REQUESTS, PARALLEL -> 1;
            };
    return mutant.of(right);
  }

  /** Runs its requests and then everything to its end. */
  void run() {
    for (SimGateway gateway : gateways) {
      gateway.start();
    }
    long at = 0;
    for (int i = 0; i < REQUESTS * size; i++) {
      at += random.nextLong(30 * MILLI);
      in(at, () -> new Client(this, gateways.get(random.nextInt(gateways.size()))).begin());
    }
    reap();
    long end = at + 30_000 * MILLI;
    while (now < end && !events.isEmpty()) {
      step();
    }
    healed = true;
    for (SimGateway gateway : gateways) {
      gateway.heal();
    }
    long last = now + 240_000 * MILLI;
    while (now < last && !events.isEmpty() && !settledUp()) {
      step();
    }
    if (!settledUp()) {
      throw new AssertionError("I20: not everything came to its end: " + this);
    }
    invariants.atTheEnd();
  }

  private boolean settledUp() {
    return gateways.stream().allMatch(SimGateway::isDone) && model.openLeases().isEmpty();
  }

  private void step() {
    Event event = events.remove();
    now = event.at();
    event.run().run();
    for (SimGateway gateway : gateways) {
      gateway.decideWaiting();
    }
    invariants.always();
    bankTouched = false;
  }

  private void reap() {
    bankTouched = true;
    counts.merge(
        "reaped", (long) model.reap(BEGIN.plusNanos(now).plus(mutant.reapsAhead())), Long::sum);
    if (chance(faults.limits() * 10)) {
      long id = random.nextBoolean() ? 1 : 100 + random.nextInt(5);
      long limit = random.nextLong(model.counter(id).limit + 1);
      model.limit(id, limit);
      if (mutant == Mutant.LOWERED_LIMIT_TAKES_EFFECT_AT_ONCE) {
        model.counter(id).limit = limit;
      }
      count("limit changed");
    }
    if (!healed && !bankIsDown() && chance(faults.outages())) {
      outageEnds = now + random.nextLong(5_000) * MILLI;
      count("bank down");
    }
    in(500 * MILLI, this::reap);
  }

  /** The exact price. */
  long nano(MeteredTokens tokens) {
    return rates.charge(tokens).amountNano();
  }

  /** More than the least that any request of this world can't begin or go on without. */
  long least(Unit unit) {
    return switch (unit) {
      case MONEY -> rates.holdNano(Client.MOST_INPUT, Client.LEAST);
      case TOKENS -> Client.MOST_INPUT + Client.LEAST;
      case REQUESTS, PARALLEL -> 1;
    };
  }

  @Nullable UsageRecord row(UUID id) {
    return model.usage().get(id);
  }

  @Override
  public String toString() {
    return gateways + " " + counts + " open leases " + model.openLeases().size();
  }
}

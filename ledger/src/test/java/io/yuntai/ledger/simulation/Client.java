package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.node.Errand;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.OpenRequest;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client, its connection and the engine that answers it. */
final class Client {
  private static final long SLICE = 16;
  static final long LEAST = 2;
  static final int MOST_INPUT = 60;

  /** A tenth of a second, by a clock that drifts. */
  private static final long PROGRESS_NANOS = 101 * World.MILLI;

  private final World world;
  private final SimGateway gateway;
  private final int life;
  private final int inputTokens;
  private final int wanted;
  private final int leavesAfter;
  private final int engineDiesAfter;

  private @Nullable Admission waiting;
  private @Nullable Instant at;
  private @Nullable TokenMeter meter;
  private long generated;
  private long place = -1;
  private boolean over;
  private boolean stopped;

  /** What it has received. */
  MeteredTokens received = MeteredTokens.NONE;

  /** It has the last chunk. */
  boolean complete;

  private final List<Long> receivedAt = new ArrayList<>();

  boolean lost;
  boolean lostPower;
  boolean left;

  Client(World world, SimGateway gateway) {
    this.world = world;
    this.gateway = gateway;
    this.life = gateway.life();
    this.inputTokens = 1 + world.random.nextInt(MOST_INPUT);
    this.wanted = 1 + world.random.nextInt(40);
    this.leavesAfter = world.chance(150) ? world.random.nextInt(wanted + 1) : Integer.MAX_VALUE;
    this.engineDiesAfter = world.chance(60) ? world.random.nextInt(wanted + 1) : Integer.MAX_VALUE;
  }

  void begin() {
    world.count("requests");
    gateway.alive(
        life,
        () -> {
          GatewayNode node = gateway.node;
          if (node == null || !node.takesRequests()) {
            world.count("not taken");
            return;
          }
          Instant now = node.now();
          world.invariants.toldTheTime(now);
          at = now;
          gateway.clients.add(this);
          waitFor(
              node.admit(
                  world.plan(now),
                  world.need(inputTokens),
                  Math.min(wanted, SLICE),
                  Math.min(wanted, LEAST)));
        });
  }

  /** Whether it waits for the bank. */
  boolean waits() {
    return waiting != null;
  }

  boolean isDecided() {
    Admission admission = waiting;
    return admission != null && admission.outcome() != null;
  }

  private void waitFor(Admission admission) {
    waiting = admission;
    if (admission.outcome() == null) {
      gateway.wake(Errand.Kind.ASK);
    }
  }

  /** Looks whether what it waits for was decided. */
  void decided() {
    Admission admission = waiting;
    Outcome outcome = admission == null ? null : admission.outcome();
    if (outcome == null) {
      return;
    }
    waiting = null;
    TokenMeter open = meter;
    if (open != null) {
      if (outcome instanceof Outcome.Held) {
        open.extended();
      } else {
        open.exhausted();
        if (outcome instanceof Outcome.Refused(var counter)) {
          world.invariants.refused(counter);
        }
        world.count("ended at the budget");
      }
      token();
      return;
    }
    GatewayNode node = gateway.node;
    Instant begun = at;
    if (node == null || begun == null) {
      throw new AssertionError("nobody decided");
    }
    switch (outcome) {
      case Outcome.Held(var hold) -> {
        OpenRequest request =
            node.begin(
                world.plan(begun),
                "m",
                ServiceClass.REALTIME,
                world.mutant.of(world.rates),
                begun,
                hold);
        world.begun.put(request.id(), this);
        request.engines().begins("engine");
        world.count("let in");
        meter = new TokenMeter(request, new MeteredTokens(inputTokens, 0, 0, 0, 0), SLICE, wanted);
        next();
      }
      case Outcome.Refused(var counter) -> {
        world.invariants.refused(counter);
        world.count("refused");
        over();
      }
      case Outcome.Unavailable _ -> {
        world.count("unavailable");
        over();
      }
    }
  }

  private void next() {
    world.in(
        world.random.nextLong(1, 15) * World.MILLI,
        () ->
            gateway.alive(
                life,
                () -> {
                  if (!over) {
                    generated++;
                    token();
                  }
                }));
  }

  private void token() {
    TokenMeter open = meter;
    if (open == null || over) {
      return;
    }
    if (world.mutant != Mutant.WRITES_NO_PROGRESS) {
      open.flushed();
    }
    if (generated > leavesAfter) {
      left = true;
      world.count("left");
      open.request().engines().ended(inputTokens, 0, generated);
      if (world.mutant == Mutant.FORGETS_WHO_LEFT) {
        over();
        return;
      }
      if (world.mutant == Mutant.ABANDONS_WHO_LEFT) {
        open.request().abandon();
        over();
        return;
      }
      open.brokenOff(UsageStatus.CANCELLED, world.mutant.charged(open.acknowledged()));
      gateway.brokeOff(this);
      over();
      return;
    }
    if (generated > engineDiesAfter) {
      world.count("engine died");
      open.request().engines().ended(inputTokens, 0, generated);
      open.brokenOff(UsageStatus.FAILED, open.handedOut());
      gateway.brokeOff(this);
      over();
      return;
    }
    if (generated > wanted) {
      finish(UsageStatus.COMPLETED);
      return;
    }
    TokenMeter.Step right = open.step(generated);
    if (right == TokenMeter.Step.STOP) {
      stopped = true;
    }
    switch (world.mutant.of(right, world.random)) {
      case PASS -> {
        MeteredTokens tokens = new MeteredTokens(inputTokens, 0, 0, (int) generated, 0);
        open.handedOut(tokens);
        received = tokens;
        receivedAt.add(world.now);
        next();
      }
      case EXTEND -> waitFor(open.request().extend(open.nextSlice(generated)));
      case STOP -> {
        world.invariants.require(stopped, "I19: an answer is stopped within its budget");
        finish(UsageStatus.BUDGET_STOPPED);
      }
    }
  }

  private void finish(UsageStatus status) {
    TokenMeter open = meter;
    if (open != null) {
      open.request().engines().ended(inputTokens, 0, generated);
      place = open.completed(status, world.mutant.charged(open.handedOut()));
      over = true;
      if (world.mutant == Mutant.LAST_CHUNK_BEFORE_DISK) {
        complete = true;
      }
    }
  }

  /** The journal was forced: the last chunk may go. */
  void forced() {
    GatewayNode node = gateway.node;
    if (place >= 0 && node != null && node.isForced(place)) {
      complete = true;
      world.count("served");
      gateway.clients.remove(this);
    }
  }

  private void over() {
    over = true;
    gateway.clients.remove(this);
  }

  /** Of what it has received, how much must have been written down: not what came just now. */
  long written() {
    long last = receivedAt.isEmpty() ? 0 : receivedAt.getLast();
    return receivedAt.stream().filter(at -> at <= last - PROGRESS_NANOS).count() - 1;
  }

  void connectionLost(boolean power) {
    lost = true;
    lostPower |= power;
  }
}

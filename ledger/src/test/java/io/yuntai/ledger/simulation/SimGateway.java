package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalException;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.leases.LeaseSettings;
import io.yuntai.ledger.node.Errand;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway that is killed and started again, and whose messages are lost. */
final class SimGateway {
  private static final NodeSettings SETTINGS =
      new NodeSettings(
          new LeaseSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(3),
              Duration.ofMillis(100),
              Duration.ofMillis(400),
              Duration.ofSeconds(2),
              Duration.ofSeconds(1),
              64),
          20,
          Duration.ofMillis(20),
          2000,
          Duration.ofSeconds(2),
          Duration.ofMillis(50));
  private static final JournalSettings JOURNAL = new JournalSettings(1 << 14, 6);

  private static final int QUICK_RESTART_MILLIS = 200;

  final World world;
  final int number;
  final SimDisk disk;
  final List<Client> clients = new ArrayList<>();

  /** Whose last record nobody waits for, and a power cut may take. */
  private final List<Client> unforced = new ArrayList<>();

  @Nullable GatewayNode node;
  private int life;
  private long pausedUntil;
  private boolean healed;
  private boolean lastCrashLostPower;

  /** Whether something happened in it since invariants were looked at. */
  boolean touched = true;

  /** Of each kind the last look for an errand that was planned: earlier ones don't happen. */
  private final Map<Errand.Kind, Long> looks = new EnumMap<>(Errand.Kind.class);

  SimGateway(World world, int number) {
    this.world = world;
    this.number = number;
    this.disk = new SimDisk(world.random);
    world.mutant.of(disk);
  }

  void start() {
    touched = true;
    if (node != null) {
      return;
    }
    if (world.bankIsDown()) {
      world.in(100 * World.MILLI, this::start);
      return;
    }
    life++;
    world.bankTouched = true;
    try {
      Journal journal = Journal.open(disk, JOURNAL);
      Node identity = world.bank.register("gateway-" + number);
      long drift = world.random.nextLong(-500, 500);
      GatewayNode begun =
          new GatewayNode(
              identity,
              journal,
              SETTINGS,
              () -> world.mutant.time(world.now + world.now / 1_000_000 * drift),
              World.BEGIN.plusNanos(world.now),
              world.mutant.of(world.random));
      node = begun;
      if (healed) {
        begun.stopTaking();
      }
      for (Errand.Kind kind : Errand.Kind.values()) {
        turn(life, kind, soon());
      }
      force(life);
    } catch (SimDisk.Killed killed) {
      kill();
    } catch (JournalException full) {
      world.count("could not start");
      disk.full = false;
      world.in(1000 * World.MILLI, this::start);
    }
  }

  /** No faults from now on, and everything goes back. */
  void heal() {
    touched = true;
    healed = true;
    pausedUntil = 0;
    disk.full = false;
    disk.killIn = -1;
    if (node == null) {
      start();
    } else {
      node.stopTaking();
    }
  }

  boolean isDone() {
    return node != null && clients.isEmpty() && node.isDone();
  }

  boolean paused() {
    return world.now < pausedUntil;
  }

  /** Runs something of this gateway's present life, unless it is over. */
  void alive(int ofLife, Runnable run) {
    GatewayNode running = node;
    if (ofLife != life || running == null) {
      return;
    }
    if (paused()) {
      world.in(pausedUntil - world.now + 1, () -> alive(ofLife, run));
      return;
    }
    touched = true;
    try {
      run.run();
      mayFail();
    } catch (SimDisk.Killed killed) {
      kill();
    }
  }

  int life() {
    return life;
  }

  private void mayFail() {
    if (healed) {
      return;
    }
    if (world.rarely(world.faults.killed())) {
      disk.killIn = world.random.nextLong(6);
    }
    if (world.rarely(world.faults.paused())) {
      pausedUntil = world.now + world.random.nextLong(60_000) * World.MILLI;
      world.count("paused");
    }
    if (world.rarely(world.faults.diskFull())) {
      disk.full = !disk.full;
      world.count("disk full");
    }
  }

  private void kill() {
    lastCrashLostPower = world.chance(world.faults.power());
    world.count(lastCrashLostPower ? "power cut" : "killed");
    node = null;
    life++;
    disk.crash(lastCrashLostPower);
    clients.forEach(client -> client.connectionLost(lastCrashLostPower));
    clients.clear();
    if (lastCrashLostPower) {
      unforced.forEach(client -> client.connectionLost(true));
    }
    unforced.clear();
    // Half of them so soon that messages of the earlier life are still under way.
    int most = world.random.nextBoolean() ? world.faults.downMillis() : QUICK_RESTART_MILLIS;
    world.in(world.random.nextInt(most) * World.MILLI, this::start);
  }

  /** An answer was broken off, and its end written down. */
  void brokeOff(Client client) {
    unforced.add(client);
  }

  /** Somebody waits for an errand of this kind. */
  void wake(Errand.Kind kind) {
    turn(life, kind, world.random.nextLong(2));
  }

  private long soon() {
    return 1 + world.random.nextLong(5);
  }

  /** Looks for an errand in so many milliseconds, and not before. */
  private void turn(int ofLife, Errand.Kind kind, long millis) {
    long look = looks.merge(kind, 1L, Long::sum);
    world.in(
        millis * World.MILLI,
        () -> {
          if (looks.getOrDefault(kind, 0L) == look) {
            alive(ofLife, () -> look(ofLife, kind));
          }
        });
  }

  private void look(int ofLife, Errand.Kind kind) {
    GatewayNode running = node;
    Errand<?> errand = running == null ? null : running.errand(kind);
    if (errand != null) {
      send(ofLife, kind, errand);
    } else if (running != null) {
      boolean busy =
          switch (kind) {
            case ASK -> clients.stream().anyMatch(Client::waits);
            case SETTLE -> running.backlog() > 0;
            case RECEIPTS -> running.backlog() > 0 || healed;
            case UPKEEP, PRESENCE -> false;
          };
      turn(ofLife, kind, busy ? soon() : 25 + world.random.nextLong(40));
    }
  }

  private <T> void send(int ofLife, Errand.Kind kind, Errand<T> errand) {
    world.count("errands");
    boolean faulty = !healed;
    boolean questionLost = faulty && world.chance(world.faults.lost());
    boolean answerLost = faulty && world.chance(world.faults.lost());
    boolean doubled = faulty && world.chance(world.faults.doubled());
    long there = world.random.nextLong(1, 8) * World.MILLI;
    long back = world.random.nextLong(1, 8) * World.MILLI;
    if (questionLost || answerLost) {
      world.count(questionLost ? "question lost" : "answer lost");
    }
    if (doubled) {
      world.count("question doubled");
      world.in(
          world.random.nextLong(1, 400) * World.MILLI,
          () -> {
            world.bankTouched = true;
            try {
              if (world.bankIsDown()) {
                return;
              }
              if (errand.question().apply(world.bank) == null) {
                world.count("answered nothing");
              }
            } catch (RuntimeException ignored) {
              world.count("late question refused");
            }
          });
    }
    world.in(
        there,
        () -> {
          world.bankTouched = true;
          if (questionLost || world.bankIsDown()) {
            fail(ofLife, kind, errand, new IllegalStateException("lost"), 500 * World.MILLI);
            return;
          }
          T answer;
          try {
            answer = errand.question().apply(world.bank);
          } catch (RuntimeException e) {
            fail(ofLife, kind, errand, e, back);
            return;
          }
          if (answerLost) {
            fail(ofLife, kind, errand, new IllegalStateException("lost"), 500 * World.MILLI);
          } else {
            world.in(
                back,
                () ->
                    alive(
                        ofLife,
                        () -> {
                          errand.answered().accept(answer);
                          turn(ofLife, kind, soon());
                          if (kind == Errand.Kind.PRESENCE) {
                            wake(Errand.Kind.UPKEEP);
                          }
                        }));
          }
        });
  }

  private void fail(
      int ofLife, Errand.Kind kind, Errand<?> errand, RuntimeException why, long after) {
    world.in(
        after,
        () ->
            alive(
                ofLife,
                () -> {
                  errand.failed().accept(why);
                  turn(ofLife, kind, soon());
                }));
  }

  private void force(int ofLife) {
    boolean idle = clients.isEmpty() && unforced.isEmpty();
    world.in(
        (idle ? 20 : 1 + world.random.nextLong(4)) * World.MILLI,
        () ->
            alive(
                ofLife,
                () -> {
                  GatewayNode running = node;
                  if (running != null) {
                    running.keepRoom();
                    if (running.needsForce()) {
                      running.force();
                      unforced.clear();
                      wake(Errand.Kind.SETTLE);
                      wake(Errand.Kind.RECEIPTS);
                    }
                  }
                  for (Client client : List.copyOf(clients)) {
                    client.forced();
                  }
                  force(ofLife);
                }));
  }

  /** Whatever was decided since is noticed. */
  void decideWaiting() {
    if (node == null || paused() || !touched) {
      return;
    }
    for (int i = clients.size() - 1; i >= 0; i--) {
      if (clients.get(i).isDecided()) {
        alive(life, clients.get(i)::decided); // which may remove it, or all of them
        if (node == null) {
          return;
        }
      }
    }
  }

  @Override
  public String toString() {
    return "gateway-"
        + number
        + (node == null ? " down" : " backlog " + node.backlog())
        + " clients "
        + clients.size();
  }
}

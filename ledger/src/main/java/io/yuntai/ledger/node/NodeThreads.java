package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a {@link GatewayNode}: one for each kind of errand, one that forces the journal,
 * and one that makes room in it. Where nothing is to be done they sleep.
 */
public final class NodeThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
  private static final Duration ROOM_EVERY = Duration.ofMillis(100);
  private static final Duration CLOSE_MOST = Duration.ofSeconds(10);
  private static final Duration DECISION_CHECK = Duration.ofMillis(250);
  private static final long CLOSE_PAUSE_NANOS = 2_000_000;

  /** How long what nobody waits for is kept from the disk, so that much of it goes at once. */
  private static final long UNHURRIED_MILLIS = 50;

  private final GatewayNode node;
  private final Bank bank;
  private final Map<Errand.Kind, Semaphore> wakes =
      Map.of(
          Errand.Kind.ASK, new Semaphore(0),
          Errand.Kind.SETTLE, new Semaphore(0),
          Errand.Kind.RECEIPTS, new Semaphore(0),
          Errand.Kind.UPKEEP, new Semaphore(0),
          Errand.Kind.PRESENCE, new Semaphore(0));
  private final Semaphore forceWake = new Semaphore(0);
  private final Semaphore roomWake = new Semaphore(0);

  /** Whether something has ended since the journal was last forced, for which nobody waits. */
  private final AtomicBoolean unhurried = new AtomicBoolean();

  private volatile boolean hurried;
  private final ReentrantLock forcing = new ReentrantLock();
  private final Condition forced = forcing.newCondition();
  private volatile boolean stopped;

  private NodeThreads(GatewayNode node, Bank bank) {
    this.node = node;
    this.bank = bank;
  }

  /** Starts them. */
  public static NodeThreads start(GatewayNode node, Bank bank) {
    NodeThreads threads = new NodeThreads(node, bank);
    threads.wakes.forEach((kind, wake) ->
        builder(kind)
            .name("ledger-" + kind.name().toLowerCase(Locale.ROOT))
            .start(() -> threads.errands(kind, wake)));
    Thread.ofPlatform().daemon().name("ledger-journal").start(threads::force);
    Thread.ofPlatform().daemon().name("ledger-room").start(threads::keepRoom);
    return threads;
  }

  /** Large batches have threads that the system can interrupt: requests run on the virtual ones. */
  private static Thread.Builder builder(Errand.Kind kind) {
    return switch (kind) {
      case SETTLE, RECEIPTS -> Thread.ofPlatform().daemon();
      case ASK, UPKEEP, PRESENCE -> Thread.ofVirtual();
    };
  }

  /** What they work for. */
  public GatewayNode node() {
    return node;
  }

  /**
   * Waits for a decision.
   *
   * @throws InterruptedException when the one who waits is to leave; the wish is withdrawn then
   */
  public Outcome decision(Admission admission) throws InterruptedException {
    Outcome decided = admission.outcome();
    if (decided != null) {
      return decided;
    }
    wake(Errand.Kind.ASK);
    try {
      decided = admission.await(DECISION_CHECK);
      while (decided == null) {
        node.tick(); // whoever asks the bank may be waiting for it himself
        decided = admission.await(DECISION_CHECK);
      }
      return decided;
    } catch (InterruptedException e) {
      node.withdraw(admission);
      throw e;
    }
  }

  /**
   * A request has ended: what was written of it goes to disk.
   *
   * @param place what {@link OpenRequest#end} said; waits until it survives the machine, and not at
   *     all for {@link OpenRequest#NOWHERE}
   */
  public void ended(long place) throws InterruptedException {
    if (place == OpenRequest.NOWHERE) {
      if (!unhurried.getAndSet(true)) {
        forceWake.release();
      }
      return;
    }
    hurried = true;
    forceWake.release();
    forcing.lockInterruptibly();
    try {
      while (!node.isForced(place) && !stopped) {
        forced.await();
      }
    } finally {
      forcing.unlock();
    }
  }

  /**
   * A thread that is woken only to find nothing due costs as much as one that settles a request.
   */
  private void wakeForNews(Errand.Kind kind) {
    if (node.hasNews(kind)) {
      wake(kind);
    }
  }

  private void wake(Errand.Kind kind) {
    Objects.requireNonNull(wakes.get(kind)).release();
  }

  private void errands(Errand.Kind kind, Semaphore wake) {
    while (!stopped) {
      try {
        Errand<?> errand = node.errand(kind);
        if (errand != null) {
          errand.run(bank);
          if (kind == Errand.Kind.PRESENCE) {
            wake(Errand.Kind.UPKEEP); // what others need goes back at once
          }
        } else {
          wake.tryAcquire(node.pause(kind).toMillis(), TimeUnit.MILLISECONDS);
          wake.drainPermits();
        }
      } catch (InterruptedException e) {
        return; // nobody interrupts these threads but the end of the process
      } catch (RuntimeException e) {
        LOG.error("the ledger could not {}", kind, e);
        LockSupport.parkNanos(ROOM_EVERY.toNanos());
      }
    }
  }

  private void force() {
    long roomAt = System.nanoTime();
    while (!stopped) {
      try {
        forceWake.tryAcquire(node.needsForce() ? UNHURRIED_MILLIS : 1000, TimeUnit.MILLISECONDS);
        forceWake.drainPermits();
        if (unhurried.get() && !hurried) { // whoever hurries from here on has a permit
          forceWake.tryAcquire(UNHURRIED_MILLIS, TimeUnit.MILLISECONDS);
        }
        unhurried.set(false);
        hurried = false;
        if (node.needsForce()) {
          node.force();
          tellForced();
          wakeForNews(Errand.Kind.SETTLE);
          wakeForNews(Errand.Kind.RECEIPTS);
        }
        if (System.nanoTime() - roomAt >= ROOM_EVERY.toNanos() && node.wantsRoom()) {
          roomWake.release();
          roomAt = System.nanoTime();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the journal could not be kept", e);
        LockSupport.parkNanos(ROOM_EVERY.toNanos());
      }
    }
  }

  /** Beside the forcing: a new segment is megabytes, and requests wait for their few bytes. */
  private void keepRoom() {
    while (!stopped) {
      try {
        roomWake.acquire();
        roomWake.drainPermits();
        node.keepRoom();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the journal's room could not be kept", e);
      }
    }
  }

  private void tellForced() {
    forcing.lock();
    try {
      forced.signalAll();
    } finally {
      forcing.unlock();
    }
  }

  /**
   * Lets in nobody more, settles what has ended and gives leases back, for some seconds at most;
   * what is left then stays in the journal.
   */
  @Override
  public void close() {
    node.stopTaking();
    long until = System.nanoTime() + CLOSE_MOST.toNanos();
    while (!node.isDone() && System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
      wakes.values().forEach(Semaphore::release);
      forceWake.release();
      LockSupport.parkNanos(CLOSE_PAUSE_NANOS);
    }
    stopped = true;
    wakes.values().forEach(Semaphore::release);
    forceWake.release();
    roomWake.release();
    tellForced();
  }
}

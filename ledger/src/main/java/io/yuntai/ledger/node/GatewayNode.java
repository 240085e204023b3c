package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.Settled;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalException;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.Hold;
import io.yuntai.ledger.leases.LeaseUpkeep;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.leases.Spent;
import io.yuntai.ledger.leases.Standing;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway does in memory and in its journal for exact money. Has no threads of its own and
 * waits for nobody: {@link #errand} says what the bank is to be asked. Safe for use by many
 * threads.
 */
public final class GatewayNode {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayNode.class);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(5);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(5);

  private final Node identity;
  private final Journal journal;
  private final MonotonicClock clock;
  private final RandomGenerator random;
  private final BankClock bankClock;

  private final LeaseDesk leases;

  private final ReentrantLock endLock = new ReentrantLock();
  private final SettlementQueue<UsageRecord> queue;

  /** What engines did, written down or about to be. */
  private final SettlementQueue<EngineReceipt> receipts;

  /** Receipts of requests that ended before their engines did, from these engines' threads. */
  private final AtomicInteger awaited = new AtomicInteger();

  private final Queue<EngineReceipt> late = new ConcurrentLinkedQueue<>();

  /** Ended requests whose records are not forced to disk yet, by their place in the journal. */
  private final Queue<Ended> unforced = new ArrayDeque<>();

  /** Requests of earlier lives that are not settled yet; leases of those lives wait for them. */
  private final Set<UUID> inherited = new HashSet<>();

  private boolean closing;

  private record Ended(UsageRecord record, long place) {}

  /**
   * Begins this gateway's life; what an earlier one left in the journal is settled first.
   *
   * @param identity what the bank knows it by
   * @param journal opened by this process
   * @param bankTime the bank's clock, just now
   * @param random of ids and pauses; safe for use by many threads
   */
  public GatewayNode(
      Node identity,
      Journal journal,
      NodeSettings settings,
      MonotonicClock clock,
      Instant bankTime,
      RandomGenerator random) {
    this.journal = journal;
    this.clock = clock;
    this.random = random;
    this.identity = identity;
    this.queue = new SettlementQueue<>(settings, random);
    this.receipts = new SettlementQueue<>(settings, random);
    long now = clock.nanos();
    this.bankClock = new BankClock(bankTime, now);
    this.leases = new LeaseDesk(identity, settings, clock, bankClock, this::inheritanceSettled);
    for (UsageRecord record : journal.unsettled()) {
      queue.add(record, now);
      inherited.add(record.requestId());
    }
    journal.unkept().forEach(receipt -> receipts.add(receipt, now));
  }

  int id() {
    return identity.id();
  }

  /** How many requests have ended of which engines' last word is still to come. */
  AtomicInteger awaited() {
    return awaited;
  }

  /** The bank's time. */
  public Instant now() {
    return bankClock.at(clock.nanos());
  }

  /** Whether what a new request will have used can be kept. */
  public boolean takesRequests() {
    endLock.lock();
    try {
      return !closing && journal.takesRequests() && !queue.isFull() && !receipts.isFull();
    } finally {
      endLock.unlock();
    }
  }

  /** The monotonic time. */
  long nanos() {
    return clock.nanos();
  }

  // Requests.

  /** A request wants to be let in. */
  public Admission admit(RequestPlan plan, Need need, long wantedTokens, long leastTokens) {
    return leases.admit(plan, need, wantedTokens, leastTokens);
  }

  /** How the counters of a plan stand; without those that this gateway knows nothing of. */
  public List<Standing> standings(RequestPlan plan) {
    return leases.standings(plan.counters());
  }

  /** Time has gone by for those who wait to be let in. */
  void tick() {
    leases.tick();
  }

  /** Whoever waits for this has left. */
  public void withdraw(Admission admission) {
    leases.withdraw(admission);
  }

  /**
   * A request begins that was let in.
   *
   * @param at the instant of its authorisation, by {@link #now}
   */
  public OpenRequest begin(
      RequestPlan plan,
      String model,
      ServiceClass serviceClass,
      Rates rates,
      Instant at,
      Hold hold) {
    return new OpenRequest(
        this, RequestIds.next(at, random), plan, model, serviceClass, rates, at, hold);
  }

  Admission extend(Hold hold, long tokens) {
    return leases.extend(hold, tokens);
  }

  /**
   * Without this a crash would only cost the operator what was delivered; so failing is no failure.
   */
  void progressed(UsageRecord record) {
    try {
      journal.append(record, false);
    } catch (JournalException e) {
      LOG.debug("no progress is written down any more", e);
    }
  }

  /** The receipt is written down first: what is charged is never without its second witness. */
  long ended(UsageRecord record, @Nullable EngineReceipt receipt, Hold hold, Spent spent) {
    keep(receipt);
    long place = write(record);
    leases.end(hold, spent);
    return place;
  }

  private long write(UsageRecord record) {
    endLock.lock();
    try {
      long place = journal.append(record, true);
      unforced.add(new Ended(record, place));
      return place;
    } catch (JournalException e) {
      // It can still be settled from memory, and no further request is let in.
      LOG.error("a request could not be written down: {}", e.getMessage());
      queue.add(record, clock.nanos());
      return OpenRequest.NOWHERE;
    } finally {
      endLock.unlock();
    }
  }

  void abandoned(@Nullable EngineReceipt receipt, Hold hold) {
    keep(receipt);
    leases.end(hold, Spent.NOTHING);
  }

  /** For engines' threads: does not wait. */
  void late(EngineReceipt receipt) {
    late.add(receipt);
  }

  private void keep(@Nullable EngineReceipt receipt) {
    if (receipt == null) {
      return;
    }
    endLock.lock();
    try {
      journal.append(receipt);
    } catch (JournalException e) {
      LOG.error("a receipt could not be written down: {}", e.getMessage());
    } finally {
      receipts.add(receipt, clock.nanos());
      endLock.unlock();
    }
  }

  // The journal.

  /** Whether something is written that is not on disk for good. */
  public boolean needsForce() {
    endLock.lock();
    try {
      // The journal forces itself, too, where a segment ends or goes.
      return !unforced.isEmpty()
          || !late.isEmpty()
          || (journal.appended() > journal.durable() && !journal.isBroken());
    } finally {
      endLock.unlock();
    }
  }

  /** Brings what is written to disk, and what has ended to settlement. For one at a time. */
  public void force() {
    for (EngineReceipt next = late.poll(); next != null; next = late.poll()) {
      keep(next);
    }
    try {
      journal.force();
    } catch (JournalException e) {
      LOG.error("{}", e.getMessage());
    }
    long now = clock.nanos();
    endLock.lock();
    try {
      boolean broken = journal.isBroken();
      long durable = journal.durable();
      for (Ended next = unforced.peek();
          next != null && (broken || next.place() <= durable);
          next = unforced.peek()) {
        queue.add(next.record(), now);
        unforced.remove();
      }
    } finally {
      endLock.unlock();
    }
  }

  /** Whether the journal holds this place for good, or never will. */
  public boolean isForced(long place) {
    return journal.durable() >= place || journal.isBroken();
  }

  /** Whether {@link #keepRoom} has something to do. */
  boolean wantsRoom() {
    return journal.wantsRoom();
  }

  /**
   * Keeps room in the journal; by one thread, a few times a second, which may wait for the disk.
   */
  public void keepRoom() {
    try {
      journal.keepRoom();
    } catch (JournalException e) {
      LOG.error("{}", e.getMessage());
    }
  }

  // Errands.

  /** How long to wait until a kind of errand may be due, where nobody says that it is. */
  Duration pause(Errand.Kind kind) {
    return switch (kind) {
      case ASK -> leases.anyWaiting() ? RETRY_PAUSE : LONG_PAUSE;
      case SETTLE -> pause(queue);
      case RECEIPTS -> pause(receipts);
      case UPKEEP -> leases.upkeepPause(LONG_PAUSE);
      case PRESENCE -> leases.presencePause(LONG_PAUSE);
    };
  }

  private Duration pause(SettlementQueue<?> of) {
    endLock.lock();
    try {
      return of.pause(clock.nanos(), LONG_PAUSE);
    } finally {
      endLock.unlock();
    }
  }

  /** Whether there is more to be settled or kept than whoever does it knows of. */
  boolean hasNews(Errand.Kind kind) {
    endLock.lock();
    try {
      return switch (kind) {
        case SETTLE -> queue.news();
        case RECEIPTS -> receipts.news();
        case ASK, UPKEEP, PRESENCE -> false; // those who have some wake them
      };
    } finally {
      endLock.unlock();
    }
  }

  /**
   * What is to be asked of the bank now; null for nothing, or while one of the kind is under way.
   */
  public @Nullable Errand<?> errand(Errand.Kind kind) {
    return switch (kind) {
      case ASK -> leases.asking();
      case SETTLE -> settling();
      case RECEIPTS -> keeping();
      case UPKEEP -> leases.upkeep();
      case PRESENCE -> leases.presence();
    };
  }

  private @Nullable Errand<?> settling() {
    endLock.lock();
    try {
      List<UsageRecord> batch = queue.batch(clock.nanos());
      return batch == null
          ? null
          : new Errand<Settled>(
              "settle",
              bank -> bank.settle(batch),
              settled -> settled(batch, settled),
              e -> settleFailed(batch, e));
    } finally {
      endLock.unlock();
    }
  }

  private void settled(List<UsageRecord> batch, Settled settled) {
    if (!settled.quarantined().isEmpty()) {
      LOG.error("the bank keeps these requests aside: {}", settled.quarantined());
    }
    List<UUID> ids = batch.stream().map(UsageRecord::requestId).toList();
    leases.settled(batch);
    endLock.lock();
    try {
      queue.done();
      ids.forEach(inherited::remove);
    } finally {
      endLock.unlock();
    }
    journal.settled(ids);
  }

  private void settleFailed(List<UsageRecord> batch, RuntimeException e) {
    endLock.lock();
    try {
      queue.failed(clock.nanos());
      if (Integer.bitCount(queue.failures()) == 1) {
        LOG.warn(
            "{} requests could not be settled, they are kept and sent again: {}",
            batch.size(),
            e.getMessage());
      }
    } finally {
      endLock.unlock();
    }
  }

  private @Nullable Errand<?> keeping() {
    endLock.lock();
    try {
      List<EngineReceipt> batch = receipts.batch(clock.nanos());
      return batch == null
          ? null
          : new Errand<Boolean>(
              "keep receipts",
              bank -> {
                bank.keep(batch);
                return true;
              },
              _ -> kept(batch),
              this::keepFailed);
    } finally {
      endLock.unlock();
    }
  }

  private void kept(List<EngineReceipt> batch) {
    endLock.lock();
    try {
      receipts.done();
    } finally {
      endLock.unlock();
    }
    journal.kept(batch);
  }

  private void keepFailed(RuntimeException e) {
    endLock.lock();
    try {
      receipts.failed(clock.nanos());
      if (Integer.bitCount(receipts.failures()) == 1) {
        LOG.warn("engines' receipts could not be kept, they are sent again: {}", e.getMessage());
      }
    } finally {
      endLock.unlock();
    }
  }

  private int unkeptReceipts() {
    endLock.lock();
    try {
      return receipts.size() + late.size();
    } finally {
      endLock.unlock();
    }
  }

  private boolean inheritanceSettled() {
    endLock.lock();
    try {
      return inherited.isEmpty();
    } finally {
      endLock.unlock();
    }
  }

  // Stopping.

  /** No further request is let in; leases go back as they get free. */
  public void stopTaking() {
    endLock.lock();
    try {
      closing = true;
      queue.close();
      receipts.close();
    } finally {
      endLock.unlock();
    }
    leases.closeAll();
  }

  /** Whether everything is settled and given back. */
  public boolean isDone() {
    return backlog() == 0 && awaited.get() == 0 && unkeptReceipts() == 0 && leases.size() == 0;
  }

  /** How many requests are not settled yet. */
  public int backlog() {
    endLock.lock();
    try {
      return queue.size() + unforced.size();
    } finally {
      endLock.unlock();
    }
  }

  /** How the leases of this gateway stand. */
  public List<LeaseUpkeep.View> leases() {
    return leases.view();
  }
}

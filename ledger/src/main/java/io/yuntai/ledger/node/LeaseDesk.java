package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.FencedException;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.Hold;
import io.yuntai.ledger.leases.LeaseBook;
import io.yuntai.ledger.leases.LeaseUpkeep;
import io.yuntai.ledger.leases.LeaseWork;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.leases.Spent;
import io.yuntai.ledger.leases.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's {@link LeaseBook} under its lock, and the errands that keep it stocked. Safe for use
 * by many threads.
 */
final class LeaseDesk {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  private final Node identity;
  private final NodeSettings settings;
  private final MonotonicClock clock;
  private final BankClock bankClock;

  /** Whether everything of this gateway's earlier lives is settled; asked under the lock. */
  private final BooleanSupplier inheritanceSettled;

  private final ReentrantLock lock = new ReentrantLock();
  private final LeaseBook book;
  private boolean inheritedLeases = true;
  private boolean upkeeping;

  /** Since the bank did not answer, keeping leases pauses until then. */
  private long upkeepNotBeforeNanos;

  private boolean presenting;
  private long presentedNanos;

  LeaseDesk(
      Node identity,
      NodeSettings settings,
      MonotonicClock clock,
      BankClock bankClock,
      BooleanSupplier inheritanceSettled) {
    this.identity = identity;
    this.settings = settings;
    this.clock = clock;
    this.bankClock = bankClock;
    this.inheritanceSettled = inheritanceSettled;
    this.book = new LeaseBook(settings.leases());
    long now = clock.nanos();
    this.presentedNanos = now - settings.presenceEvery().toNanos();
    this.upkeepNotBeforeNanos = now;
  }

  Admission admit(RequestPlan plan, Need need, long wantedTokens, long leastTokens) {
    lock.lock();
    try {
      return book.admit(plan.counters(), need, wantedTokens, leastTokens, clock.nanos());
    } finally {
      lock.unlock();
    }
  }

  List<Standing> standings(List<PlannedCounter> planned) {
    lock.lock();
    try {
      return book.standings(planned);
    } finally {
      lock.unlock();
    }
  }

  void withdraw(Admission admission) {
    inBook(() -> book.withdraw(admission, clock.nanos()));
  }

  void tick() {
    inBook(() -> book.tick(clock.nanos()));
  }

  Admission extend(Hold hold, long tokens) {
    lock.lock();
    try {
      return book.extend(hold, tokens, clock.nanos());
    } finally {
      lock.unlock();
    }
  }

  void end(Hold hold, Spent spent) {
    inBook(() -> book.end(hold, spent, clock.nanos()));
  }

  /** The bank has these, or keeps them aside; draws of earlier lives are of unknown leases. */
  void settled(List<UsageRecord> batch) {
    inBook(() -> batch.forEach(record -> book.settled(record.draws())));
  }

  /** Whether requests wait for leases. */
  boolean anyWaiting() {
    lock.lock();
    try {
      return book.waiting() > 0;
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait until keeping leases may be due. */
  Duration upkeepPause(Duration whenIdle) {
    lock.lock();
    try {
      if (clock.nanos() - upkeepNotBeforeNanos < 0) {
        return settings.leases().retryAfter();
      }
      return book.upkeep().size() > 0 ? settings.presenceEvery() : whenIdle;
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait until {@link #presence} may be due. */
  Duration presencePause(Duration whenIdle) {
    return size() > 0 ? settings.presenceEvery() : whenIdle;
  }

  @Nullable Errand<?> asking() {
    lock.lock();
    try {
      long now = clock.nanos();
      book.tick(now);
      LeaseWork.Asking work = book.asks(now);
      return work == null
          ? null
          : new Errand<List<Grant>>(
              "ask for leases",
              bank -> bank.grant(identity, work.asks(), settings.leases().validity()),
              grants -> inBook(() -> book.granted(work, grants, clock.nanos())),
              e ->
                  inBook(
                      () -> book.grantFailed(work, e instanceof FencedException, clock.nanos())));
    } finally {
      lock.unlock();
    }
  }

  @Nullable Errand<?> upkeep() {
    lock.lock();
    try {
      long now = clock.nanos();
      if (upkeeping || now - upkeepNotBeforeNanos < 0) {
        return null;
      }
      Errand<?> errand = nextUpkeep(now);
      upkeeping = errand != null;
      return errand;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Errand<?> nextUpkeep(long now) {
    LeaseWork.Renewing renewing = book.upkeep().renewals(now);
    if (renewing != null) {
      return new Errand<List<Long>>(
          "renew leases",
          bank -> bank.renew(identity, renewing.leaseIds(), renewing.validFor()),
          alive -> upkept(() -> book.upkeep().renewed(renewing, alive)),
          e -> upkept(e, () -> book.upkeep().renewFailed(renewing)));
    }
    LeaseWork.Shrinking shrinking = book.upkeep().shrinkings();
    if (shrinking != null) {
      return new Errand<Boolean>(
          "shrink leases",
          bank -> {
            bank.shrink(identity, shrinking.kept());
            return true;
          },
          _ -> upkept(() -> book.upkeep().shrunk(shrinking)),
          e -> upkept(e, () -> book.upkeep().shrinkFailed(shrinking)));
    }
    LeaseWork.Releasing releasing = book.upkeep().releases(now);
    return releasing == null
        ? inheritance()
        : new Errand<Boolean>(
            "give leases back",
            bank -> {
              bank.release(identity, releasing.leaseIds());
              return true;
            },
            _ -> upkept(() -> book.upkeep().released(releasing)),
            e -> upkept(e, () -> book.upkeep().releaseFailed(releasing)));
  }

  /** Leases of earlier lives go back when everything of those lives is settled. */
  private @Nullable Errand<?> inheritance() {
    if (!inheritedLeases || !inheritanceSettled.getAsBoolean()) {
      return null;
    }
    return new Errand<Boolean>(
        "give leases of an earlier run back",
        bank -> {
          List<Long> left = bank.inherited(identity);
          bank.release(identity, left);
          return left.isEmpty();
        },
        none -> upkept(() -> inheritedLeases = !none),
        e -> upkept(e, () -> {}));
  }

  private void upkept(Runnable change) {
    inBook(() -> {
      upkeeping = false;
      change.run();
    });
  }

  private void upkept(RuntimeException e, Runnable change) {
    inBook(() -> {
      upkeeping = false;
      upkeepNotBeforeNanos = clock.nanos() + settings.leases().retryAfter().toNanos();
      change.run();
      noteFenced(e);
    });
  }

  @Nullable Errand<?> presence() {
    lock.lock();
    try {
      long asked = clock.nanos();
      if (presenting || asked - presentedNanos < settings.presenceEvery().toNanos()) {
        return null;
      }
      presenting = true;
      presentedNanos = asked;
      return new Errand<Presence>(
          "say that this gateway lives",
          bank -> new Presence(bank.recalled(identity), bank.now()),
          presence ->
              inBook(() -> {
                presenting = false;
                book.upkeep().recalled(presence.recalled());
                bankClock.told(presence.at(), asked, clock.nanos());
              }),
          e ->
              inBook(() -> {
                presenting = false;
                noteFenced(e);
              }));
    } finally {
      lock.unlock();
    }
  }

  private record Presence(List<Long> recalled, Instant at) {}

  private void noteFenced(RuntimeException e) {
    if (e instanceof FencedException) {
      LOG.error("{}", e.getMessage());
      book.fence(clock.nanos());
    }
  }

  /** Leases go back as they get free. */
  void closeAll() {
    inBook(() -> book.upkeep().closeAll());
  }

  /** How many leases there are. */
  int size() {
    lock.lock();
    try {
      return book.upkeep().size();
    } finally {
      lock.unlock();
    }
  }

  List<LeaseUpkeep.View> view() {
    lock.lock();
    try {
      return book.upkeep().view();
    } finally {
      lock.unlock();
    }
  }

  private void inBook(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
